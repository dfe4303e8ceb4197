package io.holdfast.hostio.nativeaccess;

/// Names of the kernel's error numbers on Linux (asm-generic), as far as callers meet them.
public final class ErrorNumbers {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int EOPNOTSUPP = 95;

    private ErrorNumbers() {}

    static String text(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted";
            case ENOENT -> "no such file";
            case ESRCH -> "no such process";
            case EINTR -> "interrupted";
            case 9 -> "bad descriptor";
            case ECHILD -> "no such child";
            case EAGAIN -> "try again";
            case 12 -> "out of memory";
            case 13 -> "access denied";
            case EBUSY -> "busy";
            case EEXIST -> "it exists";
            case ENOTDIR -> "not a folder";
            case EINVAL -> "invalid argument";
            case 24 -> "too many open files";
            case 28 -> "no space left";
            case 30 -> "read-only file system";
            case 32 -> "broken pipe";
            case ENOSYS -> "not known to this kernel";
            case EXDEV -> "another file system";
            case ENAMETOOLONG -> "name too long";
            case ENOTEMPTY -> "not empty";
            case ELOOP -> "a link, or a ring of links";
            case EOPNOTSUPP -> "not supported";
            case 104 -> "connection reset";
            default -> "refused";
        };
    }
}
