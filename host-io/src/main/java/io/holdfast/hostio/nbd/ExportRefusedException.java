package io.holdfast.hostio.nbd;

/// The export is there, but this client may not have it now; the message tells it why.
public final class ExportRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExportRefusedException(String message) {
        super(message);
    }

    /// The reason, for the client.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
