package io.holdfast.node.cli.local;

import io.holdfast.node.cli.client.PrivateFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// An archive of what somebody who helps needs to see: configurations, logs, and reports made on the spot.
///
/// Takes only files that are known to hold no secret (never `identity`, tokens, or the ledger), and blackens
/// whatever looks like a token or a private key in those all the same. Only the owner may read it.
public final class SupportBundle {
    /// The newest part of a log is what matters.
    private static final int LOG_BYTES_MAX = 8 * 1024 * 1024;

    private static final Pattern SECRET = Pattern.compile(
            "hfu?1\\.[A-Za-z0-9_.-]{8,}|(?i:bearer\\s+)\\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*");

    private SupportBundle() {}

    /// Writes the archive; `reports` are texts by their name in it. Answers what it holds.
    public static List<String> write(LocalCluster cluster, Map<String, String> reports, Path archive)
            throws IOException {
        PrivateFile.write(archive, "");
        List<String> names = new ArrayList<>();
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, String> report : reports.entrySet()) {
                add(zip, names, report.getKey(), report.getValue());
            }
            for (LocalNode node : cluster.nodes()) {
                add(zip, names, node.name() + "/node.conf", textOf(node.configFile()));
                add(zip, names, node.name() + "/output.log", textOf(node.outputFile()));
                for (Path log : logsOf(node)) {
                    add(zip, names, node.name() + "/" + log.getFileName(), textOf(log));
                }
            }
        }
        return names;
    }

    static String withoutSecrets(String text) {
        return SECRET.matcher(text).replaceAll("[removed]");
    }

    private static List<Path> logsOf(LocalNode node) throws IOException {
        List<Path> logs = new ArrayList<>();
        for (Path folder : List.of(node.dataDirectory().resolve("log"), node.dataDirectory())) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(SupportBundle::isLog).sorted().forEach(logs::add);
                }
            }
        }
        return logs;
    }

    /// The node's own log and the JVM's crash reports.
    private static boolean isLog(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file)
                && (name.startsWith("node.log") || (name.startsWith("crash-") && name.endsWith(".log")));
    }

    private static void add(ZipOutputStream zip, List<String> names, String name, String text)
            throws IOException {
        if (text.isEmpty()) {
            return;
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(withoutSecrets(text).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        names.add(name);
    }

    private static String textOf(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long start = Math.max(0, file.length() - LOG_BYTES_MAX);
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
