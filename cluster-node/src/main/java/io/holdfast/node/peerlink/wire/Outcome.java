package io.holdfast.node.peerlink.wire;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.IncompatibleFormatException;
import io.holdfast.consensus.InvalidProposalException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionExpiredException;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;

import java.util.Optional;

/// What became of one proposal, as it crosses the wire.
public sealed interface Outcome {
    /// The code of [Expired].
    int EXPIRED = 6;

    /// The proposal's place among those that wait.
    long correlation();

    /// It stands in the ledger.
    ///
    /// @param correlation the proposal's
    /// @param committed where, and what the state machine answered
    record Done(long correlation, Committed committed) implements Outcome {}

    /// It failed in a way that tells the proposer what to do.
    ///
    /// @param correlation the proposal's
    /// @param failure the reason
    record Failed(long correlation, ConsensusException failure) implements Outcome {}

    /// Its session is no longer remembered; the proposer knows which one that is.
    ///
    /// @param correlation the proposal's
    record Expired(long correlation) implements Outcome {}

    /// Appends it to an OUTCOMES frame.
    static void write(FrameWriter writer, Outcome outcome) {
        writer.putLong(outcome.correlation());
        switch (outcome) {
            case Done done ->
                    writer.putByte(0)
                            .putLong(done.committed().index().value())
                            .putInt(done.committed().ordinal())
                            .putBlock(done.committed().reply());
            case Failed failed -> writeFailure(writer, failed.failure());
            case Expired _ -> writer.putByte(EXPIRED).putText16("");
        }
    }

    /// Reads one out of an OUTCOMES frame.
    static Outcome read(PayloadReader payload) {
        long correlation = payload.signedLong();
        int code = payload.unsignedByte();
        if (code != 0) {
            String detail = payload.text16();
            return code == EXPIRED
                    ? new Expired(correlation)
                    : new Failed(correlation, failure(code, detail));
        }
        long index = payload.signedLong();
        int ordinal = payload.signedInt();
        byte[] reply = payload.block(Wire.PAYLOAD_BYTES_MAX);
        if (index < 0 || ordinal < 0) {
            throw new WireException("an outcome's place: index=" + index + " ordinal=" + ordinal);
        }
        return new Done(correlation, new Committed(new LogIndex(index), ordinal, reply));
    }

    /// Appends a proposal to a PROPOSE frame.
    static void writeProposal(FrameWriter writer, long correlation, Proposal proposal) {
        writer.putLong(correlation)
                .putLong(proposal.session().high())
                .putLong(proposal.session().low())
                .putLong(proposal.sequence())
                .putLong(proposal.acknowledged())
                .putBlock(proposal.command());
    }

    /// Reads a proposal out of a PROPOSE frame, behind its correlation.
    static Proposal readProposal(PayloadReader payload) {
        SessionId session = new SessionId(payload.signedLong(), payload.signedLong());
        long sequence = payload.signedLong();
        long acknowledged = payload.signedLong();
        byte[] command = payload.block(Proposal.COMMAND_BYTES_MAX);
        try {
            return new Proposal(session, sequence, acknowledged, command);
        } catch (InvalidProposalException e) {
            throw new WireException("not a proposal: " + e.getMessage());
        }
    }

    private static void writeFailure(FrameWriter writer, ConsensusException failure) {
        switch (failure) {
            case NotLeaderException moved ->
                    writer.putByte(1).putText16(moved.hint().map(PeerId::value).orElse(""));
            case UnavailableException e -> writer.putByte(2).putText16(message(e));
            case OutcomeUnknownException e -> writer.putByte(3).putText16(message(e));
            case InvalidProposalException e -> writer.putByte(4).putText16(message(e));
            case IncompatibleFormatException e -> writer.putByte(7).putText16(message(e));
            case CorruptLedgerException e -> writer.putByte(5).putText16(message(e));
            case SessionExpiredException e -> writer.putByte(EXPIRED).putText16(message(e));
        }
    }

    private static ConsensusException failure(int code, String detail) {
        return switch (code) {
            case 1 -> new NotLeaderException(hint(detail));
            case 2 -> new UnavailableException(detail);
            case 3 -> new OutcomeUnknownException(detail);
            case 4 -> new InvalidProposalException(detail);
            case 5 -> new CorruptLedgerException(detail);
            case 7 -> new IncompatibleFormatException(detail);
            default -> throw new WireException("unknown outcome: code=" + code);
        };
    }

    private static Optional<PeerId> hint(String name) {
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(new PeerId(name));
        } catch (IllegalArgumentException e) {
            throw new WireException("not a peer's name: length=" + name.length());
        }
    }

    private static String message(ConsensusException failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }
}
