package io.holdfast.node.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The last start of each other node that this node was told of, in a file. Guarded by its monitor.
///
/// Whoever votes and acknowledges must not forget that it did: a data directory that is put back from a copy
/// has forgotten what was promised since. Its node starts from an earlier start than others remember, and
/// that is how they know.
public final class StartWitness {
    private static final String FORMAT = "peer-starts";
    private static final String FILE = "peers.start";

    private final Path dataDirectory;
    private final Map<String, StartRecord> known;

    private StartWitness(Path dataDirectory, Map<String, StartRecord> known) {
        this.dataDirectory = dataDirectory;
        this.known = known;
    }

    /// Reads what is remembered.
    public static StartWitness open(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        Map<String, StartRecord> known = new HashMap<>();
        if (Files.exists(file)) {
            for (Map.Entry<String, String> entry : RecordFile.read(file, FORMAT).entrySet()) {
                try {
                    known.put(entry.getKey(), StartRecord.parse(entry.getValue()));
                } catch (IllegalArgumentException e) {
                    throw new IOException("unusable file: file=" + file + " reason=" + e.getMessage(), e);
                }
            }
        }
        return new StartWitness(dataDirectory, known);
    }

    /// Remembers that a node starts, unless its directory is older than what is remembered of it.
    ///
    /// @param now this start
    /// @param own the starts before it that its directory knows, as [StartLog#own()] has them
    /// @return the later start that the directory knows nothing of, if there was one
    public synchronized Optional<StartRecord> witness(String node, StartRecord now, List<StartRecord> own)
            throws IOException {
        StartRecord last = known.get(node);
        if (now.equals(last)) {
            return Optional.empty();
        }
        if (last != null && last.directory().equals(now.directory())
                && last.number() >= own.getFirst().number() && !own.contains(last)) {
            return Optional.of(last);
        }
        known.put(node, now);
        Map<String, String> lines = new HashMap<>();
        known.forEach((name, start) -> lines.put(name, start.text()));
        RecordFile.write(dataDirectory.resolve(FILE), FORMAT, lines);
        return Optional.empty();
    }
}
