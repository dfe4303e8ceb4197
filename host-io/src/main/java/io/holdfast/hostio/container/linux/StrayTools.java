package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tools that a killed node has left at work: those whose command line names our private folder.
record StrayTools(Path runcRoot) {
    private static final Logger LOG = LoggerFactory.getLogger(StrayTools.class);

    /// Ends exactly these, with all they have started.
    void end() throws IOException, InterruptedException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isOurs(process)) {
                    long pid = Long.parseLong(process.getFileName().toString());
                    LOG.warn("a tool of a former node is ended: pid={}", pid);
                    Optional<DetachedProcess> tool = DetachedProcess.find(pid);
                    if (tool.isPresent()) {
                        tool.get().kill();
                    }
                }
            }
        }
    }

    private boolean isOurs(Path process) {
        try {
            String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            List<String> words = List.of(line.split("\0", -1));
            int place = words.indexOf("--root");
            return place >= 0 && place + 1 < words.size() && words.get(place + 1).equals(runcRoot.toString());
        } catch (IOException gone) {
            return false;
        }
    }
}
