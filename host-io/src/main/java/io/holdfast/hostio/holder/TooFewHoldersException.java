package io.holdfast.hostio.holder;

/// Too few hosts are up for the profile. Take a smaller one, or wait.
public final class TooFewHoldersException extends ChunkDirectoryException {
    private static final long serialVersionUID = 1L;

    private final int available;

    public TooFewHoldersException(int wanted, int available) {
        super("too few holders for the profile: wanted=" + wanted + " available=" + available);
        this.available = available;
    }

    /// How many there are.
    public int available() {
        return available;
    }
}
