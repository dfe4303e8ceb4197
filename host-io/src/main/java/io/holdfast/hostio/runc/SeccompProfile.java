package io.holdfast.hostio.runc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which system calls a container is refused, whatever its program asks for.
///
/// A list of what is refused, not of what is allowed: with no capabilities and no way to new ones, nearly
/// all that needs rights fails anyway, so this closes what an unprivileged process could still reach (kernel
/// parts with a history of holes) and what a checkpoint cannot save. A call of some future kernel that does
/// not stand here is allowed; the answer to that is adding it.
final class SeccompProfile {
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final long INTEGER = 0xffff_ffffL;
    private static final long MADV_MERGEABLE = 12;
    private static final long PR_SET_MEMORY_MERGE = 67;

    /// Refused in every container.
    private static final List<String> NEVER = List.of(
            "acct", "add_key", "bpf", "create_module", "delete_module", "fanotify_init", "finit_module",
            "fsconfig", "fsmount", "fsopen", "fspick", "get_kernel_syms", "init_module", "ioperm", "iopl",
                    "kcmp",
            "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "memfd_secret", "mount",
                    "mount_setattr",
            "move_mount", "nfsservctl", "open_by_handle_at", "open_tree", "perf_event_open", "pidfd_getfd",
            "pivot_root", "process_madvise", "process_vm_readv", "process_vm_writev", "query_module",
                    "quotactl",
            "quotactl_fd", "reboot", "request_key", "setns", "swapoff", "swapon", "sysfs", "umount",
                    "umount2",
            "unshare", "uselib", "userfaultfd", "ustat", "vhangup", "vm86", "vm86old");

    /// Answered as if the kernel did not know them, so that programs take their other way.
    private static final List<String> UNKNOWN =
            List.of("clone3", "io_uring_enter", "io_uring_register", "io_uring_setup");

    /// Refused without the capability that makes them useful.
    private static final List<Conditional> CONDITIONAL = List.of(
            new Conditional("CAP_SYS_PTRACE", Set.of("ptrace")),
            new Conditional("CAP_SYS_CHROOT", Set.of("chroot")),
            new Conditional("CAP_SYS_TIME",
                    Set.of("settimeofday", "stime", "clock_settime", "clock_settime64")),
            new Conditional("CAP_SYSLOG", Set.of("syslog")),
            new Conditional("CAP_SYS_NICE", Set.of("mbind", "set_mempolicy", "move_pages", "migrate_pages")),
            new Conditional("CAP_SYS_ADMIN", Set.of("sethostname", "setdomainname")));

    /// `CLONE_NEWTIME` to `CLONE_NEWNET` (sched.h).
    private static final List<Long> NEW_NAMESPACES =
            List.of(0x80L, 0x20000L, 0x2000000L, 0x4000000L, 0x8000000L, 0x10000000L, 0x20000000L,
                    0x40000000L);

    private static final long NEW_MOUNTS = 0x20000L;

    private SeccompProfile() {}

    private record Conditional(String capability, Set<String> calls) {}

    static ObjectNode of(Set<String> capabilities) {
        return of(capabilities, Set.of(), NEW_NAMESPACES);
    }

    /// For a first process that gives each member a root; afterwards nobody has the right to that any more.
    static ObjectNode ofGroup(Set<String> capabilities) {
        return of(
                capabilities,
                Set.of("pivot_root", "umount2"),
                NEW_NAMESPACES.stream().filter(flag -> flag != NEW_MOUNTS).toList());
    }

    private static ObjectNode of(
            Set<String> capabilities, Set<String> allowed, List<Long> refusedNamespaces) {
        Set<String> refused = new TreeSet<>(NEVER);
        refused.removeAll(allowed);
        CONDITIONAL.stream()
                .filter(conditional -> !capabilities.contains(conditional.capability()))
                .forEach(conditional -> refused.addAll(conditional.calls()));
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        profile.put("defaultAction", "SCMP_ACT_ALLOW");
        ArrayNode rules = profile.putArray("syscalls");
        rule(rules, refused, EPERM);
        rule(rules, UNKNOWN, ENOSYS);
        for (long flag : refusedNamespaces) {
            masked(rule(rules, List.of("clone"), EPERM), 0, flag, flag);
        }
        // Whose memory is shared with whose is not for programs to say.
        masked(rule(rules, List.of("madvise"), EINVAL), 2, INTEGER, MADV_MERGEABLE);
        masked(rule(rules, List.of("prctl"), EINVAL), 0, INTEGER, PR_SET_MEMORY_MERGE);
        return profile;
    }

    /// Only if an argument, as far as the mask goes, is this. The kernel takes less of some than programs
    /// can give.
    private static void masked(ObjectNode rule, int index, long mask, long value) {
        ObjectNode argument = rule.putArray("args").addObject();
        argument.put("index", index);
        argument.put("value", mask);
        argument.put("valueTwo", value);
        argument.put("op", "SCMP_CMP_MASKED_EQ");
    }

    private static ObjectNode rule(ArrayNode rules, Iterable<String> names, int errorNumber) {
        ObjectNode rule = rules.addObject();
        ArrayNode list = rule.putArray("names");
        names.forEach(list::add);
        rule.put("action", "SCMP_ACT_ERRNO");
        rule.put("errnoRet", errorNumber);
        return rule;
    }
}
