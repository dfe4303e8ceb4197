package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What to do with processes that a checkpoint may have been interrupted over, by the death of CRIU or of
/// the node: wait until nobody holds them, then see whether they are whole.
record Aftermath(Cgroup cgroup) {
    private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);
    private static final Duration RELEASE_MAX = Duration.ofSeconds(10);
    private static final long STEP_NANOS = 2_000_000;

    /// What CRIU maps into a process while it saves it, and takes out when done.
    private static final String FOREIGN_CODE = "CRIUMFD";

    /// False if a process was left with foreign code in it: it must not go on.
    boolean isWhole() throws IOException, InterruptedException {
        long until = System.nanoTime() + RELEASE_MAX.toNanos();
        for (Optional<Long> tracer = tracer(); tracer.isPresent(); tracer = tracer()) {
            if (System.nanoTime() - until > 0) {
                endTracer(tracer.get());
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        for (long pid : cgroup.processes()) {
            if (read(pid, "maps").contains(FOREIGN_CODE)) {
                LOG.warn("a checkpoint was interrupted within a process: pid={} cgroup={}", pid,
                        cgroup.path());
                return false;
            }
        }
        return true;
    }

    private Optional<Long> tracer() throws IOException {
        for (long pid : cgroup.processes()) {
            for (String line : read(pid, "status").lines().toList()) {
                if (line.startsWith("TracerPid:")) {
                    long tracer = Long.parseLong(line.substring("TracerPid:".length()).strip());
                    if (tracer != 0 && read(tracer, "comm").startsWith("criu")) {
                        return Optional.of(tracer);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static void endTracer(long pid) throws InterruptedException {
        LOG.warn("a checkpoint tool that does not end is killed: pid={}", pid);
        Optional<DetachedProcess> tracer = DetachedProcess.find(pid);
        if (tracer.isPresent()) {
            tracer.get().kill();
        }
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
