package io.holdfast.hostio.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.hostio.container.LifecycleHooks.CallHttp;
import io.holdfast.hostio.container.LifecycleHooks.Hook;
import io.holdfast.hostio.container.LifecycleHooks.SendSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Specifications as JSON, for records and manifests. Reading checks all that making one by hand would.
public final class SpecJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SpecJson() {}

    public static ObjectNode write(ContainerSpec spec) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", spec.id().value());
        node.set("root", writeRoot(spec.root()));
        node.set("program", writeProgram(spec.program()));
        node.set("confinement", writeConfinement(spec.confinement()));
        ArrayNode mounts = node.putArray("mounts");
        spec.mounts().forEach(mount -> mounts.addObject()
                .put("source", mount.source().toString())
                .put("destination", mount.destination())
                .put("readOnly", mount.isReadOnly()));
        ArrayNode files = node.putArray("files");
        spec.files().forEach(file ->
                files.addObject().put("path", file.path()).put("content", file.content()));
        if (spec.isGroup()) {
            ArrayNode members = node.putArray("members");
            spec.members().forEach(member -> {
                ObjectNode each = members.addObject().put("name", member.name());
                each.set("root", writeRoot(member.root()));
                each.set("program", writeProgram(member.program()));
            });
        }
        return node;
    }

    private static ObjectNode writeRoot(RootFileSystem root) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("digest", root.digest());
        ArrayNode layers = node.putArray("layers");
        root.layers().forEach(layer -> layers.add(layer.toString()));
        return node;
    }

    private static ObjectNode writeProgram(Program program) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        program.command().forEach(node.putArray("command")::add);
        ObjectNode environment = node.putObject("environment");
        new TreeMap<>(program.environment()).forEach(environment::put);
        node.put("workingDirectory", program.workingDirectory());
        node.put("userId", program.userId());
        node.put("groupId", program.groupId());
        writeHooks(node.putArray("beforeCheckpoint"), program.hooks().beforeCheckpoint());
        writeHooks(node.putArray("afterRestore"), program.hooks().afterRestore());
        return node;
    }

    private static void writeHooks(ArrayNode array, List<Hook> hooks) {
        for (Hook hook : hooks) {
            switch (hook) {
                case SendSignal(int number) -> array.addObject().put("signal", number);
                case CallHttp(int port, String path, Duration deadline) -> array.addObject()
                        .put("port", port)
                        .put("path", path)
                        .put("deadlineMillis", deadline.toMillis());
            }
        }
    }

    private static ObjectNode writeConfinement(Confinement confinement) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        new TreeSet<>(confinement.capabilities()).forEach(node.putArray("capabilities")::add);
        ResourceLimits limits = confinement.limits();
        node.put("memoryBytesMax", limits.memoryBytesMax());
        node.put("cpuMillis", limits.cpuMillis());
        node.put("processCountMax", limits.processCountMax());
        node.put("openFileCountMax", limits.openFileCountMax());
        node.put("sharedMemoryBytesMax", limits.sharedMemoryBytesMax());
        node.put("rootReadOnly", confinement.isRootReadOnly());
        return node;
    }

    /// Reads what [#write] has written.
    ///
    /// @throws IllegalArgumentException if it is anything else
    public static ContainerSpec read(JsonNode node) {
        List<BindMount> mounts = new ArrayList<>();
        node.path("mounts").forEach(mount -> mounts.add(new BindMount(
                Path.of(mount.path("source").asText()),
                mount.path("destination").asText(),
                mount.path("readOnly").asBoolean())));
        List<ContainerFile> files = new ArrayList<>();
        node.path("files").forEach(file -> files.add(
                new ContainerFile(file.path("path").asText(), file.path("content").asText())));
        List<Member> members = new ArrayList<>();
        node.path("members").forEach(member -> members.add(new Member(
                member.path("name").asText(), readRoot(member.path("root")),
                readProgram(member.path("program")))));
        return new ContainerSpec(
                new ContainerId(node.path("id").asText()),
                readRoot(node.path("root")),
                readProgram(node.path("program")),
                readConfinement(node.path("confinement")),
                mounts,
                files,
                members);
    }

    private static RootFileSystem readRoot(JsonNode node) {
        List<Path> layers = new ArrayList<>();
        node.path("layers").forEach(layer -> layers.add(Path.of(layer.asText())));
        return new RootFileSystem(node.path("digest").asText(), layers);
    }

    /// Reads the text of such a node.
    ///
    /// @throws IllegalArgumentException if it is anything else
    public static ContainerSpec parse(String text) {
        try {
            return read(MAPPER.readTree(text));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }

    private static Program readProgram(JsonNode node) {
        Map<String, String> environment = new TreeMap<>();
        node.path("environment").properties().forEach(
                entry -> environment.put(entry.getKey(), entry.getValue().asText()));
        return new Program(
                texts(node.path("command")),
                environment,
                node.path("workingDirectory").asText(),
                node.path("userId").asInt(),
                node.path("groupId").asInt(),
                new LifecycleHooks(
                        readHooks(node.path("beforeCheckpoint")), readHooks(node.path("afterRestore"))));
    }

    private static List<Hook> readHooks(JsonNode array) {
        List<Hook> hooks = new ArrayList<>();
        array.forEach(hook -> hooks.add(hook.has("signal")
                ? new SendSignal(hook.path("signal").asInt())
                : new CallHttp(
                        hook.path("port").asInt(),
                        hook.path("path").asText(),
                        Duration.ofMillis(hook.path("deadlineMillis").asLong()))));
        return hooks;
    }

    private static Confinement readConfinement(JsonNode node) {
        return new Confinement(
                new TreeSet<>(texts(node.path("capabilities"))),
                new ResourceLimits(
                        node.path("memoryBytesMax").asLong(),
                        node.path("cpuMillis").asInt(),
                        node.path("processCountMax").asInt(),
                        node.path("openFileCountMax").asInt(),
                        node.path("sharedMemoryBytesMax").asLong()),
                node.path("rootReadOnly").asBoolean());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
