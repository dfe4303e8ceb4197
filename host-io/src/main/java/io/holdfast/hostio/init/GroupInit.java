package io.holdfast.hostio.init;

import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.init.MachineCode.When;
import io.holdfast.hostio.process.ProcessExit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The first process of a container with several members: starts them all, each with the place of its root
/// as the root of a mount namespace of its own, collects what nobody else waits for, and ends when one of
/// them does. Asked to end (SIGTERM), or when a member has ended, it asks all
/// others to, and waits for them; how long is for its keeper to say, but after a member's end by itself no
/// longer than five seconds.
///
/// It finds a pipe for each member's output at descriptor 3 and those that follow, in order, and tells its
/// own output which member has ended, in eight bytes: the member's number in the container, and its wait
/// status.
public final class GroupInit {
    /// Where the file is, in the outer root.
    public static final String PATH = "/init";

    /// The number that the first member's process has within the container; those of the others follow. The
    /// container tool's own threads take the ones before.
    public static final int FIRST_MEMBER = 128;

    /// What it has to begin with, and keeps nothing of.
    public static final Set<String> CAPABILITIES =
            Set.of("CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_ADMIN");

    /// More members would be another kind of thing.
    public static final int MEMBERS_MAX = 16;

    private static final int FIRST_OUTPUT = 3;
    private static final int REPORT_BYTES = 8;
    private static final int NOT_STARTED = 125;
    private static final int STEP_NANOS = 100_000_000;
    private static final int STEPS_AFTER_AN_END = 50;
    private static final int STEPS_WHEN_ASKED = 36_000;
    private static final int CODE_SHIFT = 8;
    private static final int SIGNAL_MASK = 0x7f;

    private final MachineCode code = new MachineCode();
    private final List<Member> members;
    private final int report = code.numbers(0);
    private final int status = report + Integer.BYTES;
    private final int gate = code.numbers(0);
    private final int signals =
            code.numbers((1L << (SystemCall.SIGTERM - 1)) | (1L << (SystemCall.SIGCHLD - 1)));

    private GroupInit(List<Member> members) {
        this.members = members;
    }

    /// How a member ended.
    ///
    /// @param index which of them
    public record MemberEnd(int index, ProcessExit how) {}

    /// The file for these members.
    public static byte[] file(List<Member> members) {
        return new GroupInit(members).write();
    }

    /// Reads what was told of a member's end; empty if none ended by itself.
    public static Optional<MemberEnd> parse(byte[] told, int memberCount) {
        if (told.length < REPORT_BYTES) {
            return Optional.empty();
        }
        ByteBuffer numbers = ByteBuffer.wrap(told).order(ByteOrder.LITTLE_ENDIAN);
        int index = numbers.getInt() - FIRST_MEMBER;
        int waitStatus = numbers.getInt();
        if (index < 0 || index >= memberCount) {
            return Optional.empty();
        }
        int signal = waitStatus & SIGNAL_MASK;
        return Optional.of(new MemberEnd(index, signal == 0
                ? new ProcessExit.Code((waitStatus >> CODE_SHIFT) & 0xff)
                : new ProcessExit.Signal(signal)));
    }

    private byte[] write() {
        code.call(SystemCall.RT_SIGPROCMASK, SystemCall.SIG_BLOCK, signals, 0, SystemCall.SIGNAL_SET_BYTES);
        MemberEntry.dropBounds(code);
        skipNumbers();
        startMembers();
        code.call(SystemCall.CLOSE_RANGE, FIRST_OUTPUT, SystemCall.ALL, 0);
        MemberEntry.dropRights(code);
        code.jump(When.NEGATIVE, "failed");
        attend();
        end();
        for (int index = 0; index < members.size(); index++) {
            becomeMember(index);
        }
        return code.toFile();
    }

    /// Uses up numbers until the next one is the first member's.
    private void skipNumbers() {
        code.label("skip");
        code.call(SystemCall.FORK);
        code.jump(When.NEGATIVE, "failed");
        code.jump(When.ZERO, "ended");
        code.store(report);
        code.callOnResult(SystemCall.WAIT4, 0, 0, 0);
        code.load(report);
        code.compare(FIRST_MEMBER - 1);
        code.jump(When.BELOW, "skip");
        code.jump(When.ABOVE, "failed");
    }

    /// Each waits at a gate until all are there, so that none takes the number of the next by a child of its
    /// own. The gate is opened by closing it.
    private void startMembers() {
        code.call(SystemCall.PIPE2, gate, 0);
        code.jump(When.NEGATIVE, "failed");
        for (int index = 0; index < members.size(); index++) {
            code.call(SystemCall.CLONE, SystemCall.CLONE_NEWNS | SystemCall.SIGCHLD, 0, 0, 0);
            code.jump(When.NEGATIVE, "failed");
            code.jump(When.ZERO, "member-" + index);
        }
    }

    private void attend() {
        code.label("wait");
        code.call(SystemCall.RT_SIGTIMEDWAIT, signals, 0, 0, SystemCall.SIGNAL_SET_BYTES);
        code.compare(SystemCall.SIGTERM);
        code.jump(When.ZERO, "asked");
        code.label("collect");
        code.call(SystemCall.WAIT4, SystemCall.ALL, status, SystemCall.WNOHANG, 0);
        code.jump(When.NEGATIVE, "wait");
        code.jump(When.ZERO, "wait");
        code.compare(FIRST_MEMBER);
        code.jump(When.BELOW, "collect");
        code.compare(FIRST_MEMBER + members.size() - 1);
        code.jump(When.ABOVE, "collect");
        code.store(report);
        code.call(SystemCall.WRITE, 1, report, REPORT_BYTES);
        code.count(STEPS_AFTER_AN_END);
        code.jump("end");
        code.label("asked");
        code.count(STEPS_WHEN_ASKED);
    }

    private void end() {
        int step = code.numbers(0, STEP_NANOS);
        code.label("end");
        code.call(SystemCall.KILL, SystemCall.ALL, SystemCall.SIGTERM);
        code.label("drain");
        code.call(SystemCall.WAIT4, SystemCall.ALL, 0, SystemCall.WNOHANG, 0);
        code.jump(When.NEGATIVE, "ended");
        code.jump(When.NOT_ZERO, "drain");
        code.call(SystemCall.NANOSLEEP, step, 0);
        code.repeat("drain");
        code.label("ended");
        code.call(SystemCall.EXIT_GROUP, 0);
        code.label("failed");
        code.call(SystemCall.EXIT_GROUP, NOT_STARTED);
    }

    private void becomeMember(int index) {
        Member member = members.get(index);
        code.label("member-" + index);
        code.callOnValue(SystemCall.CLOSE, gate + Integer.BYTES);
        code.callOnValue(SystemCall.READ, gate, status, 1);
        code.call(SystemCall.DUP2, FIRST_OUTPUT + index, 1);
        code.call(SystemCall.DUP2, FIRST_OUTPUT + index, 2);
        code.call(SystemCall.CLOSE_RANGE, FIRST_OUTPUT, SystemCall.ALL, 0);
        code.call(SystemCall.SETSID);
        int none = code.numbers(0);
        code.call(SystemCall.RT_SIGPROCMASK, SystemCall.SIG_SETMASK, none, 0, SystemCall.SIGNAL_SET_BYTES);
        // The old root lies above the new one then, and is what goes (pivot_root(2), Notes).
        int here = code.text(".");
        code.call(SystemCall.CHDIR, code.text(member.place()));
        code.jump(When.NEGATIVE, MemberEntry.refusal(member));
        code.call(SystemCall.PIVOT_ROOT, here, here);
        code.jump(When.NEGATIVE, MemberEntry.refusal(member));
        code.call(SystemCall.UMOUNT2, here, SystemCall.MNT_DETACH);
        code.jump(When.NEGATIVE, MemberEntry.refusal(member));
        MemberEntry.become(code, member, member.program().command());
    }
}
