package io.holdfast.node.admission;

import io.holdfast.gridstate.rule.RefusalCode;

/// A join or a certificate was refused; nothing happened. The code is the ledger's, or the one that the
/// ledger would have given.
public final class AdmissionRefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;
    private final RefusalCode code;

    public AdmissionRefusedException(RefusalCode code, String message) {
        super(message);
        this.code = code;
    }

    public RefusalCode code() {
        return code;
    }
}
