package io.holdfast.consensus;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// It did not happen here: this peer does not lead. Retry at the leader that the hint names.
public final class NotLeaderException extends ConsensusException {
    private static final long serialVersionUID = 1L;
    private final transient @Nullable PeerId hint;

    public NotLeaderException(Optional<PeerId> hint) {
        super("this peer does not lead: leader=" + hint.map(PeerId::value).orElse("unknown"));
        this.hint = hint.orElse(null);
    }

    public Optional<PeerId> hint() {
        return Optional.ofNullable(hint);
    }
}
