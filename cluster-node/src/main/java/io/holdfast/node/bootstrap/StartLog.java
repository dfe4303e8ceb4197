package io.holdfast.node.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What a data directory knows of the starts on it, in a file: the last one after which the node took part
/// in anything, and those begun since of which others may have heard. Each is written down before anybody is
/// told, so that others never remember a start of this directory that the directory has forgotten, unless it
/// went back in time. Confined to the thread that starts the node.
public final class StartLog {
    private static final String FORMAT = "node-starts";
    private static final String FILE = "node.starts";
    private static final String LAST = "last";
    private static final String BEGUN = "begun.";
    private static final int ID_BYTES = 16;
    /// More starts in a row that end before they are confirmed are not told apart any more.
    private static final int BEGUN_COUNT_MAX = 1_000;

    private final Path dataDirectory;
    private final RandomGenerator random;
    private StartRecord last;
    private final List<StartRecord> begun = new ArrayList<>();

    private StartLog(Path dataDirectory, RandomGenerator random, StartRecord last) {
        this.dataDirectory = dataDirectory;
        this.random = random;
        this.last = last;
    }

    /// Reads it. A directory that was never used is given its name.
    public static StartLog open(Path dataDirectory, RandomGenerator random) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return new StartLog(dataDirectory, random, new StartRecord(drawn(random), 0, "none"));
        }
        Map<String, String> values = new TreeMap<>(RecordFile.read(file, FORMAT));
        try {
            StartLog log = new StartLog(
                    dataDirectory, random, StartRecord.parse(ClusterSeed.required(values, LAST, file)));
            values.remove(LAST);
            values.values().forEach(line -> log.begun.add(StartRecord.parse(line)));
            return log;
        } catch (IllegalArgumentException e) {
            throw new IOException("unusable file: file=" + file + " reason=" + e.getMessage(), e);
        }
    }

    /// The starts of this directory that others may remember as its last one; any other that is not earlier
    /// than the first of them is of a later state of the directory.
    public List<StartRecord> own() {
        List<StartRecord> own = new ArrayList<>(List.of(last));
        own.addAll(begun);
        return List.copyOf(own);
    }

    /// Writes a new start down.
    public StartRecord begin() throws IOException {
        long number = begun.stream().mapToLong(StartRecord::number).max().orElse(last.number()) + 1;
        StartRecord start = new StartRecord(last.directory(), number, drawn(random));
        begun.add(start);
        if (begun.size() > BEGUN_COUNT_MAX) {
            begun.removeFirst();
        }
        write();
        return start;
    }

    /// Nobody objected: from here on the node takes part.
    public void confirm(StartRecord start) throws IOException {
        last = start;
        begun.clear();
        write();
    }

    private void write() throws IOException {
        Map<String, String> values = new TreeMap<>();
        values.put(LAST, last.text());
        for (int i = 0; i < begun.size(); i++) {
            values.put(BEGUN + i, begun.get(i).text());
        }
        RecordFile.write(dataDirectory.resolve(FILE), FORMAT, values);
    }

    private static String drawn(RandomGenerator random) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
