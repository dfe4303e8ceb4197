package io.holdfast.hostio.container.linux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.hostio.container.ContainerExit;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.SpecJson;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.process.ProcessExit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known of a container on disk, enough to find or remove all of it after the node was killed. Not
/// synced to the device: a crash of the whole host ends the containers anyway. Immutable.
///
/// @param network its network's number; 0 before it has one
/// @param layers writable layers of checkpoints it goes on from, the topmost first
record ContainerRecord(
        ContainerSpec spec,
        Phase phase,
        int network,
        List<Path> layers,
        Origin origin,
        Optional<Life> life) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    ContainerRecord {
        layers = List.copyOf(layers);
    }

    /// How far it has come.
    enum Phase {
        /// Anything may be there; after a crash all of it goes.
        BEGUN,
        RUNNING,
        ENDED
    }

    /// Where its state came from.
    ///
    /// @param restoreCount 0 for a cold start
    /// @param isWithRunc whether runc knows it
    /// @param circle with which it shares memory
    record Origin(int restoreCount, boolean isWithRunc, Instant startedAt, Optional<String> circle) {}

    /// Its first process, and in the end how it ended.
    ///
    /// @param pipes the numbers of those that it and its members print to
    record Life(DetachedProcess process, OutputPipes.Numbers pipes, Optional<ContainerExit> exit) {}

    static ContainerRecord begun(ContainerSpec spec, Origin origin, List<Path> layers) {
        return new ContainerRecord(spec, Phase.BEGUN, 0, layers, origin, Optional.empty());
    }

    ContainerRecord withNetwork(int number) {
        return new ContainerRecord(spec, phase, number, layers, origin, life);
    }

    ContainerRecord running(DetachedProcess process, OutputPipes.Numbers pipes) {
        return new ContainerRecord(
                spec, Phase.RUNNING, network, layers, origin,
                        Optional.of(new Life(process, pipes, Optional.empty())));
    }

    ContainerRecord ended(ContainerExit exit) {
        Optional<Life> ended = life.map(was -> new Life(was.process(), was.pipes(), Optional.of(exit)));
        return new ContainerRecord(spec, Phase.ENDED, 0, layers, origin, ended);
    }

    void write(Path file) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("phase", phase.name());
        node.put("network", network);
        ArrayNode layerNames = node.putArray("layers");
        layers.forEach(layer -> layerNames.add(layer.toString()));
        node.put("restoreCount", origin.restoreCount());
        node.put("withRunc", origin.isWithRunc());
        node.put("startedAt", origin.startedAt().toString());
        origin.circle().ifPresent(circle -> node.put("circle", circle));
        life.ifPresent(known -> writeLife(node, known));
        node.set("spec", SpecJson.write(spec));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, node.toString(), StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void writeLife(ObjectNode node, Life life) {
        node.put("pid", life.process().pid());
        node.put("startTicks", life.process().startTicks());
        node.put("bootId", life.process().bootId());
        node.put("logPipe", life.pipes().own());
        if (!life.pipes().members().isEmpty()) {
            life.pipes().members().forEach(node.putArray("memberPipes")::add);
        }
        life.exit().ifPresent(exit -> {
            exit.how().ifPresent(how -> {
                switch (how) {
                    case ProcessExit.Code(int code) -> node.put("exitCode", code);
                    case ProcessExit.Signal(int number) -> node.put("exitSignal", number);
                    case ProcessExit.DeadlineExceeded _ -> {}
                }
            });
            exit.member().ifPresent(member -> node.put("member", member));
            node.put("outOfMemory", exit.isOutOfMemory());
            node.put("requested", exit.isRequested());
            node.put("endedAt", exit.at().toString());
        });
    }

    /// Reads what was written.
    ///
    /// @throws IOException if the file is not there or is not a record
    static ContainerRecord read(Path file) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(Files.readString(file, StandardCharsets.UTF_8));
            List<Path> layers = new ArrayList<>();
            node.path("layers").forEach(layer -> layers.add(Path.of(layer.asText())));
            return new ContainerRecord(
                    SpecJson.read(node.path("spec")),
                    Phase.valueOf(node.path("phase").asText()),
                    node.path("network").asInt(),
                    layers,
                    new Origin(
                            node.path("restoreCount").asInt(),
                            node.path("withRunc").asBoolean(),
                            Instant.parse(node.path("startedAt").asText()),
                            Optional.ofNullable(node.path("circle").textValue())),
                    readLife(node));
        } catch (IllegalArgumentException | java.time.DateTimeException malformed) {
            throw new IOException("not a container's record: file=" + file, malformed);
        }
    }

    private static Optional<Life> readLife(JsonNode node) {
        if (!node.has("pid")) {
            return Optional.empty();
        }
        DetachedProcess process = new DetachedProcess(
                node.path("pid").asLong(),
                node.path("startTicks").asLong(),
                node.path("bootId").asText());
        List<Long> members = new ArrayList<>();
        node.path("memberPipes").forEach(pipe -> members.add(pipe.asLong()));
        return Optional.of(new Life(
                process, new OutputPipes.Numbers(node.path("logPipe").asLong(), members), readExit(node)));
    }

    private static Optional<ContainerExit> readExit(JsonNode node) {
        if (!node.has("endedAt")) {
            return Optional.empty();
        }
        Optional<ProcessExit> how = Optional.empty();
        if (node.has("exitCode")) {
            how = Optional.of(new ProcessExit.Code(node.path("exitCode").asInt()));
        } else if (node.has("exitSignal")) {
            how = Optional.of(new ProcessExit.Signal(node.path("exitSignal").asInt()));
        }
        return Optional.of(new ContainerExit(
                how,
                node.path("outOfMemory").asBoolean(),
                node.path("requested").asBoolean(),
                Instant.parse(node.path("endedAt").asText()),
                Optional.ofNullable(node.path("member").textValue())));
    }
}
