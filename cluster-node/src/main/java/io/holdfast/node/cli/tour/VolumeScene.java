package io.holdfast.node.cli.tour;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.hostio.process.Executables;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.tour.FolderFiles.FileRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The scenes with a volume: files are written to it while a host dies, and every byte is read again. They
/// lie in an ext4 file system where this host has FUSE and loop devices, one after another where it has but
/// nbdcopy. Confined to the tour's thread.
final class VolumeScene {
    private static final String NAME = "tour";
    private static final String COLLECTION = "/volumes";
    private static final String PATH = COLLECTION + "/" + NAME;
    private static final long BYTES_MAX = 128L << 20;
    private static final long MEBIBYTE = 1L << 20;
    private static final long SIZE_EXTRA_BYTES = 64 * MEBIBYTE;
    private static final Duration TOOL_WITHIN = Duration.ofMinutes(2);
    private static final List<String> DEVICE_TOOLS =
            List.of("nbdfuse", "losetup", "mkfs.ext4", "mount", "umount");

    private final TourCluster cluster;
    private final Narration narration;
    private final FolderFiles folder;
    private final List<FileRecord> files;
    private final Path mount;
    private final Path image;

    /// @param directory of the tour
    VolumeScene(TourCluster cluster, Narration narration, FolderFiles folder, Path directory) {
        this.cluster = cluster;
        this.narration = narration;
        this.folder = folder;
        this.files = fitting(folder.files());
        this.mount = directory.resolve("mnt");
        this.image = directory.resolve("volume.img");
    }

    private static List<FileRecord> fitting(List<FileRecord> all) {
        List<FileRecord> fitting = new ArrayList<>();
        long bytes = 0;
        for (FileRecord file : all) {
            if (bytes + file.sizeBytes() <= BYTES_MAX) {
                bytes += file.sizeBytes();
                fitting.add(file);
            }
        }
        return fitting;
    }

    /// Writes the files, kills a host in the middle, and reads them; all nodes run again at the end.
    void play() throws CliException, IOException, InterruptedException {
        narration.scene("Write the files to a volume 2+1 and kill a host (kill -9) in the middle");
        if (!hasDevices() && Executables.find("nbdcopy").isEmpty()) {
            narration.tell("passed over: this host has neither FUSE with loop devices nor nbdcopy");
            return;
        }
        LocalNode server = cluster.nodes().getFirst();
        try (ApiClient client = cluster.patientClient(server)) {
            client.call(ApiRequest.post(COLLECTION, JsonNodeFactory.instance.objectNode()
                    .put("name", NAME)
                    .put("sizeBytes", sizeBytes())
                    .put("profile", "2+1")));
            long startedAt = System.nanoTime();
            if (hasDevices()) {
                fillFileSystem(client);
            } else {
                fillBare(client);
            }
            narration.tell(String.format(Locale.ROOT, "%d files, %.1f MiB, written and safe after %s",
                    files.size(), bytes() / (double) MEBIBYTE,
                    Narration.seconds(System.nanoTime() - startedAt)));
            readBack(client, "with " + cluster.running().size() + " hosts of 3");
            narration.check(
                    client.call(ApiRequest.post(PATH + "/check")).path("isClean").asBoolean(),
                    "its maps and its log fit each other");
        }
        cluster.startAgain();
    }

    /// Reads the files once more, after whatever happened.
    void again() throws CliException, IOException, InterruptedException {
        if (hasDevices() || Executables.find("nbdcopy").isPresent()) {
            try (ApiClient client = cluster.patientClient(cluster.nodes().getFirst())) {
                readBack(client, "from the volume");
            }
        }
    }

    private static boolean hasDevices() {
        return DEVICE_TOOLS.stream().allMatch(tool -> Executables.find(tool).isPresent())
                && Files.isWritable(Path.of("/dev/fuse"))
                && Files.isWritable(Path.of("/dev/loop-control"));
    }

    private long bytes() {
        return files.stream().mapToLong(FileRecord::sizeBytes).sum();
    }

    private long sizeBytes() {
        return (2 * bytes() + SIZE_EXTRA_BYTES) / MEBIBYTE * MEBIBYTE;
    }

    private void killAnother(ApiClient client) throws CliException, InterruptedException {
        String serving = client.call(ApiRequest.get(PATH + "/statistics"))
                .path("servedBy")
                .asText();
        for (LocalNode node : cluster.nodes().reversed()) {
            if (!node.name().equals(serving)) {
                cluster.kill(node);
                narration.tell(node.name() + " is dead; " + serving + " serves the volume");
                return;
            }
        }
    }

    private void fillFileSystem(ApiClient client) throws CliException, IOException, InterruptedException {
        String device = attach(client);
        try {
            run("mkfs.ext4", "-q", device);
            mounted(device, () -> {
                int half = files.size() / 2;
                copy(files.subList(0, half));
                killAnother(client);
                copy(files.subList(half, files.size()));
            });
        } finally {
            detach(client);
        }
    }

    private void copy(List<FileRecord> some) throws IOException {
        for (FileRecord file : some) {
            Path target = mount.resolve(file.path());
            Files.createDirectories(target.resolveSibling(""));
            Files.copy(folder.folder().resolve(file.path()), target);
        }
    }

    /// What is done while the file system is mounted.
    private interface Work {
        void run() throws CliException, IOException, InterruptedException;
    }

    private void mounted(String device, Work work) throws CliException, IOException, InterruptedException {
        Files.createDirectories(mount);
        run("mount", device, mount.toString());
        try {
            work.run();
        } finally {
            run("umount", mount.toString());
            Files.delete(mount);
        }
    }

    private void fillBare(ApiClient client) throws CliException, IOException, InterruptedException {
        try (OutputStream all = Files.newOutputStream(image)) {
            for (FileRecord file : files) {
                Files.copy(folder.folder().resolve(file.path()), all);
            }
        }
        run("nbdcopy", "--flush", image.toString(), export(client));
        killAnother(client);
    }

    private void readBack(ApiClient client, String how)
            throws CliException, IOException, InterruptedException {
        List<FileRecord> wrong = new ArrayList<>();
        if (hasDevices()) {
            String device = attach(client);
            try {
                mounted(device, () -> {
                    FolderFiles found = new FolderFiles(mount, files, false);
                    for (FileRecord file : files) {
                        if (!found.digestNow(file).equals(file.sha256())) {
                            wrong.add(file);
                        }
                    }
                });
            } finally {
                detach(client);
            }
        } else {
            Files.deleteIfExists(image);
            run("nbdcopy", export(client), image.toString());
            long offset = 0;
            for (FileRecord file : files) {
                if (!FolderFiles.digestOf(image, offset, file.sizeBytes()).equals(file.sha256())) {
                    wrong.add(file);
                }
                offset += file.sizeBytes();
            }
        }
        narration.check(wrong.isEmpty(), how + ": " + (files.size() - wrong.size()) + " of " + files.size()
                + " files are what they were, byte by byte");
    }

    private static String attach(ApiClient client) throws CliException {
        return client.call(ApiRequest.post(PATH + "/attach")).path("device").asText();
    }

    private static void detach(ApiClient client) throws CliException {
        client.call(ApiRequest.post(PATH + "/detach"));
    }

    private static String export(ApiClient client) throws CliException {
        return client.call(ApiRequest.get(PATH + "/export"))
                .path("unix")
                .asText();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        ProcessRun.of(command).withDeadline(TOOL_WITHIN).run().orThrow();
    }
}
