package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Does what callers ask of a volume where it is served: here, or at the node that holds its family's lease.
/// Concurrent; blocks.
public final class VolumeDesk {
    /// Between looks at whether a holder that is not reached still holds.
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final String self;
    private final LedgerAccess ledger;
    private final FamilyHost families;
    private final VolumeActions actions;
    private final PeerAsker peers;
    private final InstantSource clock;
    private final Pause pause;

    /// Asks another node.
    @FunctionalInterface
    public interface PeerAsker {
        CompletableFuture<byte[]> ask(PeerId peer, PeerCall call, byte[] argument, Duration patience);
    }

    /// Lets time pass on the calling thread.
    @FunctionalInterface
    public interface Pause {
        void take(Duration time);
    }

    /// How callers' time is measured and passed.
    public record Time(InstantSource clock, Pause pause) {}

    public VolumeDesk(
            String self, LedgerAccess ledger, FamilyHost families, VolumeActions actions, PeerAsker peers,
            Time time) {
        this.self = self;
        this.ledger = ledger;
        this.families = families;
        this.actions = actions;
        this.peers = peers;
        this.clock = time.clock();
        this.pause = time.pause();
    }

    /// Does it, wherever it has to be done. While the node that serves the volume is not reached, waits for
    /// its lease to run out, and then takes the volume over.
    ///
    /// @param patience how long the caller waits for all of it
    /// @throws ConsensusException if nobody can decide or answer now
    public VolumeOutcome perform(VolumeCall call, Duration patience) {
        long untilMillis = clock.millis() + patience.toMillis();
        VolumeOutcome outcome = attempt(call, patience);
        while (isHeld(outcome) && clock.millis() + LOOK_AGAIN.toMillis() < untilMillis) {
            pause.take(LOOK_AGAIN);
            outcome = attempt(call, Duration.ofMillis(untilMillis - clock.millis()));
        }
        return outcome;
    }

    private static boolean isHeld(VolumeOutcome outcome) {
        return outcome.refusal().filter(refusal -> refusal.code() == RefusalCode.HELD).isPresent();
    }

    private VolumeOutcome attempt(VolumeCall call, Duration patience) {
        ledger.barrier();
        Optional<Versioned<String, VolumeEntry>> volume =
                ledger.reader().get(VolumeCatalogs.VOLUMES, call.volume());
        if (volume.isEmpty()) {
            return VolumeOutcome.refused(self, Refusals.notFound("volume", call.volume()));
        }
        Optional<String> holder = families.holder(volume.get().value().family(), clock.millis());
        boolean isElsewhere = holder.isPresent() && !holder.get().equals(self) && !call.has("force");
        return isElsewhere ? forward(holder.get(), call, patience) : performHere(call);
    }

    /// Does it on this node, which serves the volume or takes it over.
    public VolumeOutcome performHere(VolumeCall call) {
        try {
            return actions.perform(call);
        } catch (VolumeRefusedException refused) {
            return VolumeOutcome.refused(self, refused.refused());
        }
    }

    /// Answers another node that takes this one for the server.
    public byte[] answer(byte[] argument) {
        return performHere(VolumeCall.decode(argument)).encode();
    }

    private VolumeOutcome forward(String holder, VolumeCall call, Duration patience) {
        try {
            return VolumeOutcome.decode(
                    peers.ask(new PeerId(holder), PeerCall.VOLUME, call.encode(), patience).join());
        } catch (CompletionException failure) {
            return switch (failure.getCause()) {
                case UnavailableException unreached -> VolumeOutcome.refused(
                        self,
                        new VolumeRefusedException(
                                        RefusalCode.HELD,
                                        "the volume is served by a node that is not reached: " + call.volume()
                                                + " holder=" + holder + " reason=" + unreached.getMessage(),
                                        "wait until its lease runs out, or use force")
                                .refused());
                case ConsensusException unknown -> throw unknown;
                case PeerRefusedException refused -> throw new UnavailableException(
                        "the serving node refused: holder=" + holder + " reason=" + refused.getMessage());
                case null, default -> throw new OutcomeUnknownException(
                        "the serving node failed: holder=" + holder, failure);
            };
        }
    }
}
