package io.holdfast.node.volume;

import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;

/// What was asked cannot be done with the volume; the reason is the caller's to know.
public final class VolumeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refused refused;

    public VolumeRefusedException(Refused refused) {
        super(refused.message(), null, false, false);
        this.refused = refused;
    }

    public VolumeRefusedException(RefusalCode code, String message, String hint) {
        this(new Refused(code, message, hint));
    }

    public Refused refused() {
        return refused;
    }
}
