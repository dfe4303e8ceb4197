package io.holdfast.hostio.network;

import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes bridges and namespaces of nodes that were killed and whose folders were deleted afterwards: nobody
/// else would, and there are only so many subnets on a host. What a process still lives in stays.
final class NetworkSweep {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkSweep.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Path INTERFACES = Path.of("/sys/class/net");

    /// The kernel takes no longer ones.
    private static final int ALIAS_BYTES_MAX = 255;

    private NetworkSweep() {}

    /// Writes on a bridge whose it is.
    static void sign(String bridge, Path folder) throws IOException, InterruptedException {
        if (folder.toString().getBytes(StandardCharsets.UTF_8).length <= ALIAS_BYTES_MAX) {
            ip("link", "set", "dev", bridge, "alias", folder.toString());
        }
    }

    static void run() throws IOException, InterruptedException {
        try (DirectoryStream<Path> bridges = Files.newDirectoryStream(INTERFACES, "hf????????")) {
            for (Path bridge : bridges) {
                String tag = bridge.getFileName().toString().substring(2);
                if (isOrphaned(bridge)) {
                    remove(new NetworkNames(tag, 0));
                }
            }
        }
    }

    private static boolean isOrphaned(Path bridge) {
        try {
            String folder = Files.readString(bridge.resolve("ifalias"), StandardCharsets.UTF_8).strip();
            return folder.startsWith("/") && !Files.exists(Path.of(folder));
        } catch (IOException gone) {
            return false;
        }
    }

    private static void remove(NetworkNames names) throws InterruptedException {
        try {
            List<String> namespaces = names.existingNamespaces();
            for (String namespace : namespaces) {
                if (!ip("netns", "pids", namespace).isBlank()) {
                    return;
                }
            }
            for (String namespace : namespaces) {
                // The pair of interfaces goes with it.
                delete(() -> names.existingNamespaces().contains(namespace), "netns", "del", namespace);
            }
            delete(() -> Files.exists(INTERFACES.resolve(names.bridge())), "link", "del", names.bridge());
            LOG.info("removed the network of a folder that is gone: bridge={} namespaces={}", names.bridge(),
                    namespaces.size());
        } catch (IOException failure) {
            LOG.warn("the network of a folder that is gone stays: bridge={} reason={}", names.bridge(),
                    failure.getMessage());
        }
    }

    /// Another node of this host may do so at the same moment.
    private static void delete(Presence presence, String... words) throws IOException, InterruptedException {
        try {
            ip(words);
        } catch (IOException failure) {
            if (presence.isStill()) {
                throw failure;
            }
        }
    }

    /// Whether something is there.
    @FunctionalInterface
    private interface Presence {
        boolean isStill() throws IOException;
    }

    private static String ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        return ProcessRun.of(command).withDeadline(DEADLINE).run().orThrow().output();
    }
}
