package io.holdfast.hostio.checkpoint;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.process.InheritingProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Dump and restore of one tree by CRIU. Immutable, concurrent.
public final class Criu {
    /// The name CRIU is told for the network namespace, which is ours to provide.
    public static final String NETWORK_KEY = "extRootNetNS";

    private static final int TYPE = 1;
    private static final int OPTIONS = 2;
    private static final int DUMP = 1;
    private static final int RESTORE = 2;
    private static final int RESTORED = 4;

    /// A deleted file that is still open is saved up to this size; larger ones are an obstacle.
    private static final int GHOST_BYTES_MAX = 64 << 20;

    private static final int COMPLAINT_LINES_MAX = 4;

    private final Path executable;
    private final InheritingProcess.Isolation isolation;

    /// Of this machine.
    ///
    /// @param isolation where it may leave what it needs for itself
    public Criu(Path executable, InheritingProcess.Isolation isolation) {
        this.executable = executable;
        this.isolation = isolation;
    }

    public InheritingProcess.Isolation isolation() {
        return isolation;
    }

    /// The folder it is in, for tools that look for it themselves.
    public Path folder() {
        Path folder = executable.getParent();
        return folder == null ? Path.of("/usr/sbin") : folder;
    }

    /// What to dump.
    ///
    /// @param pid the first process of the tree
    /// @param images a new folder
    /// @param externals what comes from this machine, in CRIU's words
    /// @param freezer the folder of its frozen cgroup, which it finds frozen again afterwards
    public record Dump(
            long pid, Path images, Path work, List<String> externals, Path freezer) {
        public Dump {
            externals = List.copyOf(externals);
        }
    }

    /// What to restore.
    ///
    /// @param root the new container's root, mounted
    /// @param inherited descriptors of ours by the name that CRIU knows them under
    public record Restore(
            Path images,
            Path work,
            Path root,
            List<String> externals,
            Map<String, Descriptor> inherited) {
        public Restore {
            externals = List.copyOf(externals);
            inherited = Map.copyOf(inherited);
        }
    }

    /// What its caller has to do while a tree is restored.
    public interface RestoreWatch {
        /// CRIU has been started and not yet been asked: the time to begin to put it where the tree shall
        /// live.
        ///
        /// @return whether a [MemoryFill] waits in the work folder, to which most of the memory is left
        boolean started(long criuPid) throws IOException;

        /// It is about to make the tree's first process, which lives where CRIU does.
        void toBeMade() throws IOException;

        /// The tree stands complete and has not executed an instruction. If this throws, it never will.
        void complete(long rootPid) throws IOException;

        /// It has failed and is about to be collected; from then on its number may be another's.
        void failed();
    }

    /// Saves a tree, which goes on in its frozen cgroup afterwards.
    public void dump(Dump dump, Duration deadline) throws IOException {
        try (Descriptor images = Descriptor.openPlace(dump.images(), true);
                Descriptor work = Descriptor.openPlace(dump.work(), true);
                CriuProcess criu = CriuProcess.start(executable, isolation, List.of())) {
            ProtobufWriter options = new CriuOptions()
                    .folders(images, work, "dump.log")
                    .connections()
                    .externals(dump.externals())
                    .dumping(dump.pid(), dump.freezer(), GHOST_BYTES_MAX)
                    .writer();
            ask(criu, DUMP, options, (stage, pid) -> true, deadline, dump.work().resolve("dump.log"));
        }
    }

    /// Starts what fills in the memory of a tree that is about to be restored gradually.
    ///
    /// @param images those that it is restored from
    public MemoryFill fill(Path images, Path work) throws IOException {
        return MemoryFill.start(executable, images, work);
    }

    /// Makes a tree from images.
    ///
    /// @return its first process, a child of ours
    public long restore(Restore restore, RestoreWatch watch, Duration deadline) throws IOException {
        List<String> names = new ArrayList<>(restore.inherited().keySet());
        List<Descriptor> descriptors = names.stream().map(restore.inherited()::get).toList();
        try (Descriptor images = Descriptor.openPlace(restore.images(), true);
                Descriptor work = Descriptor.openPlace(restore.work(), true);
                CriuProcess criu = CriuProcess.start(executable, isolation, descriptors)) {
            RestoreStages stages = new RestoreStages(watch);
            boolean isGradual = started(criu, stages);
            ProtobufWriter options = new CriuOptions()
                    .folders(images, work, "restore.log")
                    .connections()
                    .externals(restore.externals())
                    .gradually(isGradual)
                    .restoring(restore.root(), names)
                    .writer();
            ProtobufMessage reply =
                    ask(criu, RESTORE, options, stages, deadline, restore.work().resolve("restore.log"));
            return reply.message(RESTORED).orElseThrow(() -> new CriuException("no process")).number(1, 0);
        }
    }

    private static boolean started(CriuProcess criu, RestoreStages stages) throws IOException {
        try {
            return stages.watch.started(criu.pid());
        } catch (IOException | RuntimeException failure) {
            stages.failed();
            throw failure;
        }
    }

    private static ProtobufMessage ask(
            CriuProcess criu, int type, ProtobufWriter options, CriuProcess.Stages stages, Duration deadline,
                    Path log)
            throws IOException {
        try {
            byte[] request = new ProtobufWriter().number(TYPE, type).message(OPTIONS, options).toBytes();
            return criu.call(request, stages, deadline);
        } catch (IOException failure) {
            stages.failed();
            criu.kill();
            throw new CriuException(failure.getMessage() + complaints(log), failure);
        }
    }

    /// The last errors in its log, which say more than its answer.
    public static String complaints(Path log) {
        try {
            List<String> errors = Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.contains("Error"))
                    .toList();
            return errors.isEmpty()
                    ? ""
                    : " log=" + String.join(" | ", errors.subList(
                            Math.max(0, errors.size() - COMPLAINT_LINES_MAX), errors.size()));
        } catch (IOException none) {
            return "";
        }
    }

    /// Knows the tree's first process from an early stage on, and shows it complete at the last one.
    private static final class RestoreStages implements CriuProcess.Stages {
        private final RestoreWatch watch;
        private long rootPid;

        RestoreStages(RestoreWatch watch) {
            this.watch = watch;
        }

        @Override
        public boolean reached(String stage, long pid) throws IOException {
            if (pid > 0) {
                rootPid = pid;
            }
            if (stage.equals("pre-restore")) {
                watch.toBeMade();
            }
            // Credentials and seccomp are in force only now; but CRIU does not heed a refusal at this stage,
            // so the watch itself has to end a tree that it does not like.
            if (stage.equals("pre-resume")) {
                watch.complete(rootPid);
            }
            return true;
        }

        @Override
        public void failed() {
            watch.failed();
        }
    }
}
