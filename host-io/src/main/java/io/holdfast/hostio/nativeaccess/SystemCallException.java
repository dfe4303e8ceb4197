package io.holdfast.hostio.nativeaccess;

import java.io.IOException;

/// A system call that the kernel refused.
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    SystemCallException(String call, int errno, String detail) {
        super(call + " failed: " + ErrorNumbers.text(errno) + ": errno=" + errno
                + (detail.isEmpty() ? "" : " " + detail));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
