package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.ProcessOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A further command within a container.
record Execution(Host host, ContainerRecord record, ContainerNetwork network) {
    ProcessOutcome run(List<String> command, Duration deadline) throws IOException, InterruptedException {
        String name = record.spec().id().value();
        if (!record.origin().isWithRunc()) {
            throw new ContainerException(Kind.UNSUPPORTED, "restored without runc: container=" + name);
        }
        Path folder = host.folder(record.spec().id()).tool();
        Path process = Files.createTempFile(folder, "exec-", ".json");
        try {
            Files.writeString(
                    process,
                    new Resources(host, record.spec()).bundle(network).furtherProcess(command),
                    StandardCharsets.UTF_8);
            return host.runc().run(deadline, "exec", "--process", process.toString(), name);
        } finally {
            Files.deleteIfExists(process);
        }
    }
}
