package io.holdfast.hostio.init;

import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.init.MachineCode.When;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The way into a member for one more command: its root, its user, no rights.
public final class MemberEntry {
    /// What whoever goes this way has to begin with, and keeps nothing of.
    public static final Set<String> CAPABILITIES =
            Set.of("CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT");

    private static final String SEARCH_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int NOT_ENTERED = 126;
    private static final int NOT_FOUND = 127;

    private MemberEntry() {}

    /// The file of a program that goes in and runs a command there.
    public static byte[] file(Member member, List<String> command) {
        MachineCode code = new MachineCode();
        dropBounds(code);
        code.call(SystemCall.CHDIR, code.text(member.place()));
        code.jump(When.NEGATIVE, refusal(member));
        code.call(SystemCall.CHROOT, code.text("."));
        code.jump(When.NEGATIVE, refusal(member));
        become(code, member, command);
        return code.toFile();
    }

    /// What is not in the bounding set is never had again.
    static void dropBounds(MachineCode code) {
        for (int capability = 0; capability < SystemCall.CAPABILITY_COUNT_MAX; capability++) {
            code.call(SystemCall.PRCTL, SystemCall.PR_CAPBSET_DROP, capability, 0, 0);
        }
    }

    /// Gives up every right.
    static void dropRights(MachineCode code) {
        int header = code.numbers(SystemCall.CAPABILITY_VERSION_3);
        int none = code.numbers(0, 0, 0);
        code.call(SystemCall.CAPSET, header, none);
    }

    /// Where to jump to from before [#become] if something fails.
    static String refusal(Member member) {
        return "refused-" + member.name();
    }

    /// From its root on, becomes the command as the member's user; does not return.
    static void become(MachineCode code, Member member, List<String> command) {
        Program program = member.program();
        String notEntered = refusal(member);
        code.call(SystemCall.SETGROUPS, 0, 0);
        code.jump(When.NEGATIVE, notEntered);
        code.call(SystemCall.SETGID, program.groupId());
        code.jump(When.NEGATIVE, notEntered);
        code.call(SystemCall.SETUID, program.userId());
        code.jump(When.NEGATIVE, notEntered);
        dropRights(code);
        code.jump(When.NEGATIVE, notEntered);
        code.call(SystemCall.CHDIR, code.text(program.workingDirectory()));
        code.jump(When.NEGATIVE, notEntered);
        Map<String, String> environment = environment(member);
        int words = code.texts(command);
        int variables = code.texts(environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue()).toList());
        for (String place : places(command.getFirst(), environment.getOrDefault("PATH", SEARCH_PATH))) {
            code.call(SystemCall.EXECVE, code.text(place), words, variables);
        }
        end(code, "cannot be executed: " + command.getFirst() + "\n", NOT_FOUND);
        code.label(notEntered);
        end(code, "its root or working folder cannot be entered: " + program.workingDirectory() + "\n",
                NOT_ENTERED);
    }

    private static Map<String, String> environment(Member member) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", SEARCH_PATH);
        environment.put("HOLDFAST_MEMBER", member.name());
        environment.putAll(member.program().environment());
        return environment;
    }

    /// Where a command is looked for, as `execvp` does.
    private static List<String> places(String name, String searchPath) {
        if (name.indexOf('/') >= 0) {
            return List.of(name);
        }
        List<String> places = new ArrayList<>();
        for (String folder : searchPath.split(":", -1)) {
            places.add((folder.isEmpty() ? "." : folder) + "/" + name);
        }
        return places;
    }

    private static void end(MachineCode code, String words, int exitCode) {
        code.call(SystemCall.WRITE, 2, code.text(words),
                words.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        code.call(SystemCall.EXIT_GROUP, exitCode);
    }
}
