package io.holdfast.consensus.entry;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The commands that share one Raft entry.
///
///     offset  bytes  content (big endian)
///     0       1      version of this layout, 1
///     1       8      the leader's clock, milliseconds since 1970 UTC
///     9       4      number of commands, at least 1
///     13             per command:
///       0     16     session
///       16    8      sequence
///       24    8      acknowledged
///       32    4      length of the command, 1 to [Proposal#COMMAND_BYTES_MAX]
///       36           the command
///
/// @param stampedMillis the leader's clock as it wrote the entry; not monotone
/// @param proposals the commands in the order in which they are applied
public record LedgerEntry(long stampedMillis, List<Proposal> proposals) {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 8 + 4;

    /// What a command costs beside its own bytes.
    public static final int COMMAND_OVERHEAD_BYTES = 16 + 8 + 8 + 4;

    public byte[] encode() {
        int size = HEADER_BYTES;
        for (Proposal proposal : proposals) {
            size += COMMAND_OVERHEAD_BYTES + proposal.command().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).putLong(stampedMillis).putInt(proposals.size());
        for (Proposal proposal : proposals) {
            SessionId session = proposal.session();
            out.putLong(session.high()).putLong(session.low());
            out.putLong(proposal.sequence()).putLong(proposal.acknowledged());
            out.putInt(proposal.command().length).put(proposal.command());
        }
        return out.array();
    }

    /// Reads an entry that fills the buffer, or throws [CorruptLedgerException]. Never allocates more than
    /// the buffer holds, whatever it claims.
    public static LedgerEntry decode(ByteBuffer source) {
        ByteBuffer in = source.duplicate();
        require(in.remaining() >= HEADER_BYTES, "an entry has a header", in);
        byte version = in.get();
        require(version == VERSION, "an entry's layout is known to this program", in);
        long stampedMillis = in.getLong();
        int count = in.getInt();
        require(
                count >= 1 && count <= in.remaining() / (COMMAND_OVERHEAD_BYTES + 1),
                "an entry holds as many commands as it says",
                in);
        List<Proposal> proposals = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            proposals.add(decodeProposal(in));
        }
        require(!in.hasRemaining(), "an entry ends with its last command", in);
        return new LedgerEntry(stampedMillis, proposals);
    }

    private static Proposal decodeProposal(ByteBuffer in) {
        require(in.remaining() > COMMAND_OVERHEAD_BYTES, "a command is complete", in);
        SessionId session = new SessionId(in.getLong(), in.getLong());
        long sequence = in.getLong();
        long acknowledged = in.getLong();
        require(acknowledged >= 0 && acknowledged <= sequence, "0 <= acknowledged <= sequence", in);
        int length = in.getInt();
        require(
                length >= 1 && length <= Proposal.COMMAND_BYTES_MAX && length <= in.remaining(),
                "a command has the length it says",
                in);
        byte[] command = new byte[length];
        in.get(command);
        return new Proposal(session, sequence, acknowledged, command);
    }

    private static void require(boolean holds, String rule, ByteBuffer in) {
        if (!holds) {
            throw new CorruptLedgerException(
                    "expected: " + rule + ": offset=" + in.position() + " size=" + in.limit());
        }
    }
}
