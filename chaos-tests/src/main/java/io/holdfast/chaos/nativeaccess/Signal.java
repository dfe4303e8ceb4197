package io.holdfast.chaos.nativeaccess;

/// The signals that the harness sends; numbers as in `signal(7)` for every Linux but Alpha, MIPS and SPARC.
public enum Signal {
    KILL(9),
    TERMINATE(15),
    CONTINUE(18),
    STOP(19);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
