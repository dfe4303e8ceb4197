package io.holdfast.hostio.runc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ResourceLimits;
import io.holdfast.hostio.init.GroupInit;
import io.holdfast.hostio.init.MemberEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What runc is told of a container: the OCI runtime specification's `config.json`, version 1.0.2.
///
/// @param root the folder its root is mounted at
/// @param cgroupPath its group in every hierarchy
/// @param networkNamespace a namespace made for it
public record Bundle(
        ContainerSpec spec, Path root, MountPlan mounts, String cgroupPath, Path networkNamespace) {
    private static final String SEARCH_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int CPU_PERIOD_MICROS = 100_000;

    /// The text of `config.json`.
    ///
    /// @param criuConfiguration what runc's CRIU reads in a restore
    public String configuration(Path criuConfiguration) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("ociVersion", "1.0.2");
        config.set("process", spec.isGroup()
                ? entering(GroupInit.PATH, GroupInit.CAPABILITIES)
                : process(spec.program().command()));
        config.putObject("root")
                .put("path", root.toString())
                .put("readonly", spec.confinement().isRootReadOnly());
        config.put("hostname", spec.id().value());
        config.putObject("annotations").put("org.criu.config", criuConfiguration.toString());
        config.set("mounts", mountEntries());
        config.set("linux", linux());
        return config.toPrettyString();
    }

    /// The text of a `process.json` for a further process with the same rights.
    public String furtherProcess(List<String> command) {
        return process(command).toPrettyString();
    }

    /// The text of a `process.json` for one that goes into a member's root by itself, and gives up the rights
    /// that it takes.
    ///
    /// @param executable in the container's own root
    public String enteringProcess(String executable) {
        return entering(executable, MemberEntry.CAPABILITIES).toPrettyString();
    }

    private ObjectNode entering(String executable, Set<String> rights) {
        ObjectNode process = process(List.of(executable));
        ObjectNode capabilities = process.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            ArrayNode names = capabilities.putArray(set);
            rights.stream().sorted().forEach(names::add);
        }
        return process;
    }

    private ObjectNode process(List<String> command) {
        ObjectNode process = JsonNodeFactory.instance.objectNode();
        process.put("terminal", false);
        process.putObject("user")
                .put("uid", spec.program().userId())
                .put("gid", spec.program().groupId());
        command.forEach(process.putArray("args")::add);
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", SEARCH_PATH);
        environment.put("HOSTNAME", spec.id().value());
        environment.putAll(spec.program().environment());
        ArrayNode variables = process.putArray("env");
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        process.put("cwd", spec.program().workingDirectory());
        ObjectNode capabilities = process.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted", "inheritable", "ambient")) {
            ArrayNode names = capabilities.putArray(set);
            spec.confinement().capabilities().stream().sorted().forEach(names::add);
        }
        int openFiles = spec.confinement().limits().openFileCountMax();
        process.putArray("rlimits").addObject()
                .put("type", "RLIMIT_NOFILE").put("hard", openFiles).put("soft", openFiles);
        process.put("noNewPrivileges", true);
        return process;
    }

    private ArrayNode mountEntries() {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (MountPlan.Planned planned : mounts.mounts()) {
            switch (planned.kind()) {
                case OWN -> {
                    ArrayNode options = entry(entries, planned, planned.source(), planned.source());
                    options.add("nosuid").add("noexec");
                    if (planned.source().equals("devpts")) {
                        options.add("newinstance").add("ptmxmode=0666").add("mode=0620");
                    } else {
                        options.add("nodev");
                    }
                    if (planned.isReadOnly()) {
                        options.add("ro");
                    }
                }
                case BIND -> {
                    ArrayNode options = entry(entries, planned, "bind", planned.source());
                    options.add("bind").add("nosuid").add("private").add(planned.isReadOnly() ? "ro" : "rw");
                    if (!MountPlan.isDevices(spec, planned.destination())) {
                        options.add("nodev");
                    }
                }
                case READ_ONLY, MASKED_FILE, MASKED_FOLDER -> {}
            }
        }
        return entries;
    }

    private static ArrayNode entry(ArrayNode entries, MountPlan.Planned planned, String type, String source) {
        return entries.addObject()
                .put("destination", planned.destination())
                .put("type", type)
                .put("source", source)
                .putArray("options");
    }

    private ObjectNode linux() {
        ObjectNode linux = JsonNodeFactory.instance.objectNode();
        ArrayNode namespaces = linux.putArray("namespaces");
        for (String type : List.of("pid", "ipc", "uts", "mount")) {
            namespaces.addObject().put("type", type);
        }
        namespaces.addObject().put("type", "network").put("path", networkNamespace.toString());
        linux.put("cgroupsPath", cgroupPath);
        linux.set("resources", resources());
        linux.put("rootfsPropagation", "private");
        linux.set("seccomp", spec.isGroup()
                ? SeccompProfile.ofGroup(MemberEntry.CAPABILITIES)
                : SeccompProfile.of(spec.confinement().capabilities()));
        ArrayNode masked = linux.putArray("maskedPaths");
        ArrayNode readOnly = linux.putArray("readonlyPaths");
        for (MountPlan.Planned planned : mounts.mounts()) {
            switch (planned.kind()) {
                case MASKED_FILE, MASKED_FOLDER -> masked.add(planned.destination());
                case READ_ONLY -> readOnly.add(planned.destination());
                case OWN, BIND -> {}
            }
        }
        return linux;
    }

    private ObjectNode resources() {
        ResourceLimits limits = spec.confinement().limits();
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
        resources.putObject("memory").put("limit", limits.memoryBytesMax());
        resources.putObject("pids").put("limit", limits.processCountMax());
        if (limits.cpuMillis() > 0) {
            resources.putObject("cpu")
                    .put("quota", (long) limits.cpuMillis() * CPU_PERIOD_MICROS / 1_000)
                    .put("period", CPU_PERIOD_MICROS);
        }
        return resources;
    }
}
