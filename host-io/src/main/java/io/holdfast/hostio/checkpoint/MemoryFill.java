package io.holdfast.hostio.checkpoint;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.process.ProcessExit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// CRIU's daemon that fills in the memory of a restored tree while that runs (`criu lazy-pages`): what is
/// touched at once, the rest behind it. Confined to one thread at a time.
///
/// A page that nobody fills in any more reads as zeros, as soon as the last descriptor of the kernel's
/// mechanism (`userfaultfd(2)`) is closed. So this process holds on to it ([#hold]): if the daemon dies,
/// whoever touches what is missing stands still, until it is ended. For the same reason it has to be let go
/// of soon after the daemon is through ([#close]): whoever gives memory back meanwhile stands still, too.
/// Hence one process at a time: of several, those that are through would wait for the others.
public final class MemoryFill implements AutoCloseable {
    private static final String SOCKET = "lazy-pages.socket";
    private static final String LOG = "fill.log";
    private static final String KIND = "anon_inode:[userfaultfd]";
    private static final Duration START_MAX = Duration.ofSeconds(5);
    private static final Duration HOLD_MAX = Duration.ofSeconds(5);
    private static final long STEP_NANOS = 200_000;
    private static final long LOG_BYTES_MAX = 64 << 20;

    /// What it says at its most talkative level.
    private static final Pattern TOUCHED =
            Pattern.compile("uffd: (\\d{1,9})-\\d+: #PF at 0x([0-9a-f]{1,15})(?![0-9a-f])");

    private final InheritingProcess process;
    private final Path work;
    private @Nullable Descriptor held;

    private MemoryFill(InheritingProcess process, Path work) {
        this.process = process;
        this.work = work;
    }

    /// Whether a tree can be restored so: it is one process.
    public static boolean isFor(Path images) throws IOException {
        return PagemapImage.processCount(images) == 1;
    }

    /// What differs from the images where a working set is to be there before the process goes on: files by
    /// their names.
    ///
    /// @param images a folder of images, which stays as it is
    public static Map<String, byte[]> putFirst(WorkingSet needed, Path images) throws IOException {
        return PagemapImage.changed(images, needed);
    }

    static MemoryFill start(Path criu, Path images, Path work) throws IOException {
        Files.deleteIfExists(work.resolve(SOCKET));
        try (Descriptor nothing = Descriptor.openReadWrite(Path.of("/dev/null"))) {
            InheritingProcess process = InheritingProcess.start(
                    List.of(criu.toString(), "lazy-pages", "--images-dir", images.toString(), "--work-dir",
                            work.toString(), "--log-file", LOG, "-v4"),
                    Map.of(0, nothing, 1, nothing, 2, nothing));
            return new MemoryFill(process, work);
        }
    }

    /// Returns once it takes a process.
    ///
    /// @throws CriuException if it does not, because this host cannot do so
    public void awaitReady() throws IOException {
        long until = System.nanoTime() + START_MAX.toNanos();
        while (!Files.exists(work.resolve(SOCKET))) {
            if (process.hasEndedWithin(Duration.ZERO) || System.nanoTime() - until > 0) {
                throw new CriuException("memory cannot be filled in later" + complaints());
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    public long pid() {
        return process.pid();
    }

    /// Keeps what is missing from reading as zeros. Called when the process is known to it and has not gone
    /// on.
    public void hold() throws IOException {
        long until = System.nanoTime() + HOLD_MAX.toNanos();
        while (held == null) {
            held = found();
            if (held == null) {
                if (process.hasEndedWithin(Duration.ZERO) || System.nanoTime() - until > 0) {
                    throw new CriuException("what fills in memory has not taken the process"
                            + complaints());
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        }
    }

    private @Nullable Descriptor found() throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid() + "/fd"))) {
            for (Path number : open) {
                if (Files.readSymbolicLink(number).toString().equals(KIND)) {
                    return Descriptor.ofProcess(pid(), Integer.parseInt(number.getFileName().toString()));
                }
            }
        } catch (NoSuchFileException changing) {
            return null;
        }
        return null;
    }

    /// Whether it ends within a time: all is there, or it failed ([#isComplete]).
    public boolean hasEndedWithin(Duration deadline) {
        return process.hasEndedWithin(deadline);
    }

    /// After its end: whether all memory is there.
    public boolean isComplete() {
        return process.await(Duration.ZERO) instanceof ProcessExit.Code(int code) && code == 0;
    }

    /// After its end: how it ended, and what it complained about.
    public String explained() {
        return process.await(Duration.ZERO).explained() + complaints();
    }

    /// What it complained about, if it did.
    public String complaints() {
        return Criu.complaints(work.resolve(LOG));
    }

    /// After its end, once: what was touched before it was there. Empty if that cannot be told.
    public WorkingSet touched() {
        Map<Integer, List<Long>> found = new HashMap<>();
        Path log = work.resolve(LOG);
        try {
            if (Files.size(log) <= LOG_BYTES_MAX) {
                try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                    lines.forEach(line -> read(line, found));
                }
            }
            Files.delete(log);
        } catch (IOException unreadable) {
            return WorkingSet.NONE;
        }
        Map<Integer, long[]> pages = new HashMap<>();
        found.forEach((process, addresses) ->
                pages.put(process, addresses.stream().mapToLong(Long::longValue).toArray()));
        return WorkingSet.of(pages);
    }

    static void read(String line, Map<Integer, List<Long>> found) {
        Matcher touched = TOUCHED.matcher(line);
        if (touched.find()) {
            long page = Long.parseLong(touched.group(2), 16) & -PagemapImage.PAGE_BYTES;
            found.computeIfAbsent(Integer.parseInt(touched.group(1)), _ -> new ArrayList<>()).add(page);
        }
    }

    /// Lets go of the memory, and ends the daemon if it still runs.
    @Override
    public void close() {
        process.close();
        Descriptor last = held;
        if (last != null) {
            last.close();
        }
    }
}
