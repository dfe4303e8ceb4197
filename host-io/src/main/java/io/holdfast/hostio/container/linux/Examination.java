package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.mount.MountTable;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares restored processes, before their first instruction, with what the specification allows. Whatever
/// the image said, it does not get more.
record Examination(ContainerSpec spec, MountPlan plan, Path networkNamespace) {
    private static final String MOUNTS = "mnt";
    private static final List<String> OWN_NAMESPACES = List.of("pid", "ipc", "uts", MOUNTS, "net");
    private static final List<String> CAPABILITY_SETS =
            List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");
    private static final String SECCOMP_FILTER = "2";

    /// Looks at all processes.
    ///
    /// @throws ContainerException of kind `IMAGE_CORRUPT` naming the first thing that is not allowed
    void require(long rootPid, Set<Long> processes) throws IOException {
        if (!processes.contains(rootPid)) {
            throw refused("its first process is outside of its cgroup", "pid=" + rootPid);
        }
        requireMounts(MountTable.of(rootPid), plan.mounts(), spec.confinement().isRootReadOnly());
        Set<Path> mountNamespaces = requireMembers(rootPid, processes);
        long allowed = CapabilityNumbers.mask(spec.confinement().capabilities());
        for (long pid : processes) {
            requireNamespaces(pid, rootPid, mountNamespaces);
            requireRights(pid, allowed);
        }
    }

    /// Looks at the mounts of each member.
    ///
    /// @return the mount namespaces that processes may be in
    private Set<Path> requireMembers(long rootPid, Set<Long> processes) throws IOException {
        Set<Path> namespaces = new HashSet<>(Set.of(namespaceOf(rootPid, MOUNTS)));
        List<Long> members = MemberProcesses.find(processes, spec.members().size());
        if (members.size() != spec.members().size()) {
            throw refused("members are missing", "members=" + members.size());
        }
        for (int index = 0; index < members.size(); index++) {
            long pid = members.get(index);
            if (!namespaces.add(namespaceOf(pid, MOUNTS))) {
                throw refused("members share their mounts", "pid=" + pid);
            }
            requireMounts(MountTable.of(pid), plan.within(spec.members().get(index)), false);
        }
        return namespaces;
    }

    private static Path namespaceOf(long pid, String name) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + name));
    }

    private void requireMounts(
            MountTable found, List<MountPlan.Planned> mounts, boolean isRootReadOnly) {
        Map<String, MountPlan.Planned> planned = new HashMap<>();
        mounts.forEach(mount -> planned.put(mount.destination(), mount));
        for (MountTable.Entry entry : found.entries()) {
            String point = entry.point().toString();
            boolean isRoot = point.equals("/");
            MountPlan.Planned expected = planned.remove(point);
            if (!isRoot && expected == null) {
                throw refused("a mount that was not asked for", "mount=" + point);
            }
            boolean mustBeReadOnly =
                    isRoot ? isRootReadOnly : expected != null && expected.isReadOnly();
            if (mustBeReadOnly && !entry.isReadOnly()) {
                throw refused("a mount may be written that must not", "mount=" + point);
            }
        }
        if (!planned.isEmpty()) {
            throw refused("mounts are missing", "mounts=" + planned.keySet());
        }
    }

    private void requireNamespaces(long pid, long rootPid, Set<Path> mountNamespaces) throws IOException {
        for (String name : OWN_NAMESPACES) {
            Path link = namespaceOf(pid, name);
            Set<Path> allowed =
                    name.equals(MOUNTS) ? mountNamespaces : Set.of(namespaceOf(rootPid, name));
            if (link.equals(Files.readSymbolicLink(Path.of("/proc/self/ns/" + name)))
                    || !allowed.contains(link)) {
                throw refused("a process is in a namespace that is not the container's", "namespace=" + name);
            }
        }
        Object inode = Files.getAttribute(Path.of("/proc/" + pid + "/ns/net"), "unix:ino");
        if (!inode.equals(Files.getAttribute(networkNamespace, "unix:ino"))) {
            throw refused("a process is in another network", "pid=" + pid);
        }
    }

    private void requireRights(long pid, long allowed) throws IOException {
        Map<String, String> status = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.UTF_8)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        for (String set : CAPABILITY_SETS) {
            long held = Long.parseUnsignedLong(status.getOrDefault(set, "ffffffffffffffff"), 16);
            if ((held & ~allowed) != 0) {
                throw refused("a process has rights that were not asked for", "set=" + set + " held="
                        + Long.toHexString(held) + " allowed=" + Long.toHexString(allowed));
            }
        }
        if (!"1".equals(status.get("NoNewPrivs")) || !SECCOMP_FILTER.equals(status.get("Seccomp"))) {
            throw refused("a process is not confined",
                    "noNewPrivileges=" + status.get("NoNewPrivs") + " seccomp="
                    + status.get("Seccomp"));
        }
    }

    private ContainerException refused(String what, String where) {
        return new ContainerException(
                Kind.IMAGE_CORRUPT, "the checkpoint is forged: " + what + ": " + where + " container="
                        + spec.id());
    }
}
