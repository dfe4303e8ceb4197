package io.holdfast.hostio.container.linux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.init.MemberEntry;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.runc.Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/// A further command within a container, run by runc with the container's rights.
///
/// runc does not know a container that was restored without it. So it is introduced when first needed: runc
/// makes a shadow from the same bundle, held before its program, and the shadow's description, with the real
/// one's process, namespaces and cgroup put in, becomes the container's.
record Execution(Host host, ContainerRecord record, ContainerNetwork network) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STATE = "state.json";
    /// What the names of a shadow and its cgroup end in; no container's name does.
    private static final String SHADOW = ".shadow";

    private static final Duration SHADOW_END_MAX = Duration.ofSeconds(5);

    /// Makes the container known to runc, if it is not; not to be done twice at once.
    void prepare() throws IOException, InterruptedException {
        Path known = host.runc().root().resolve(record.spec().id().value()).resolve(STATE);
        if (!Files.exists(known)) {
            introduce(known);
        }
    }

    /// To its end; [#prepare] was called before.
    ProcessOutcome run(List<String> command, Duration deadline) throws IOException, InterruptedException {
        String name = record.spec().id().value();
        Path process = Files.createTempFile(host.folder(record.spec().id()).tool(), "exec-", ".json");
        try {
            Files.writeString(process, bundle().furtherProcess(command), StandardCharsets.UTF_8);
            return host.runc().run(deadline, "exec", "--process", process.toString(), name);
        } finally {
            Files.deleteIfExists(process);
        }
    }

    /// In the root of a member, by a program made for this one command.
    ProcessOutcome run(Member member, List<String> command, Duration deadline)
            throws IOException, InterruptedException {
        String name = record.spec().id().value();
        ContainerFolder folder = host.folder(record.spec().id());
        Path process = Files.createTempFile(folder.tool(), "exec-", ".json");
        Path entry = Files.createTempFile(folder.root(), "enter-", "");
        try {
            Files.write(entry, MemberEntry.file(member, command));
            Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(
                    process, bundle().enteringProcess("/" + entry.getFileName()), StandardCharsets.UTF_8);
            return host.runc().run(deadline, "exec", "--process", process.toString(), name);
        } finally {
            Files.deleteIfExists(process);
            Files.deleteIfExists(entry);
        }
    }

    private Bundle bundle() {
        return new Resources(host, record.spec()).bundle(network);
    }

    private void introduce(Path known) throws IOException, InterruptedException {
        ContainerId id = record.spec().id();
        ContainerFolder folder = host.folder(id);
        String shadow = id + SHADOW;
        String shadowGroup = host.cgroupPath(id) + SHADOW;
        removeShadow(host, id); // Of a node that was killed while it did this.
        Path place = folder.tool().resolve("shadow");
        Files.createDirectories(place);
        Bundle real = bundle();
        Files.writeString(
                place.resolve("config.json"),
                new Bundle(real.spec(), real.root(), real.mounts(), shadowGroup, real.networkNamespace())
                        .configuration(RuncCall.criuConfiguration(folder)),
                StandardCharsets.UTF_8);
        try (Descriptor.Pair output = LogPump.openPipe()) {
            new RuncCall(host, folder).create(shadow, place, output.second());
            String text = Files.readString(
                    host.runc().root().resolve(shadow).resolve(STATE), StandardCharsets.UTF_8);
            String description = described(text, shadowGroup);
            Files.createDirectories(known.getParent());
            Files.writeString(known, description, StandardCharsets.UTF_8);
        } finally {
            removeShadow(host, id);
        }
    }

    /// Takes back what was made to introduce a container; does nothing if there is nothing.
    static void removeShadow(Host host, ContainerId id) throws IOException, InterruptedException {
        Cgroup group = host.cgroups().at(host.cgroupPath(id) + SHADOW);
        // Not by runc alone: it does not know the process of one that was never finished.
        if (!group.kill(SHADOW_END_MAX)) {
            throw new IOException("processes survive being killed: cgroup=" + group.path());
        }
        host.runc().deleteIfKnown(id + SHADOW);
        Resources.remove(group);
    }

    private String described(String shadow, String shadowGroup) throws IOException {
        DetachedProcess process = record.life().orElseThrow().process();
        if (!(MAPPER.readTree(shadow) instanceof ObjectNode state)) {
            throw new IOException("runc's description is no object");
        }
        String group = host.cgroupPath(record.spec().id());
        long shadowPid = state.path("init_process_pid").asLong();
        state.put("id", record.spec().id().value());
        state.put("init_process_pid", process.pid());
        state.put("init_process_start", process.startTicks());
        replace(state.path("cgroup_paths"), shadowGroup, group);
        // Ours are in fewer hierarchies than those of runc.
        if (state.path("cgroup_paths") instanceof ObjectNode groups) {
            groups.properties().removeIf(entry -> !Files.isDirectory(Path.of(entry.getValue().asText())));
        }
        replace(state.path("namespace_paths"), "/proc/" + shadowPid + "/", "/proc/" + process.pid() + "/");
        replace(state.path("config").path("cgroups"), shadowGroup, group);
        return state.toString();
    }

    private static void replace(JsonNode node, String from, String to) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                if (entry.getValue().isTextual() && entry.getValue().asText().contains(from)) {
                    entry.setValue(TextNode.valueOf(entry.getValue().asText().replace(from, to)));
                }
            });
        }
    }
}
