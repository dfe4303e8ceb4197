package io.holdfast.hostio.init;

/// Numbers of Linux on x86-64 (`arch/x86/entry/syscalls/syscall_64.tbl`, and the headers of each call).
final class SystemCall {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int CLOSE = 3;
    static final int RT_SIGPROCMASK = 14;
    static final int DUP2 = 33;
    static final int NANOSLEEP = 35;
    static final int CLONE = 56;
    static final int FORK = 57;
    static final int EXECVE = 59;
    static final int WAIT4 = 61;
    static final int KILL = 62;
    static final int CHDIR = 80;
    static final int SETUID = 105;
    static final int SETGID = 106;
    static final int SETSID = 112;
    static final int SETGROUPS = 116;
    static final int CAPSET = 126;
    static final int RT_SIGTIMEDWAIT = 128;
    static final int PIVOT_ROOT = 155;
    static final int PRCTL = 157;
    static final int CHROOT = 161;
    static final int UMOUNT2 = 166;
    static final int EXIT_GROUP = 231;
    static final int PIPE2 = 293;
    static final int CLOSE_RANGE = 436;

    static final int ALL = -1;
    static final int SIGTERM = 15;
    static final int SIGCHLD = 17;
    static final int SIG_BLOCK = 0;
    static final int SIG_SETMASK = 2;
    static final int SIGNAL_SET_BYTES = 8;
    static final int WNOHANG = 1;
    static final int CLONE_NEWNS = 0x20000;
    static final int MNT_DETACH = 2;
    static final int PR_CAPBSET_DROP = 24;
    static final long CAPABILITY_VERSION_3 = 0x20080522L;
    static final int CAPABILITY_COUNT_MAX = 64;

    private SystemCall() {}
}
