package io.holdfast.node.cli.tour;

import io.holdfast.consensus.history.HistoryReport;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.local.LocalNode;
import io.holdfast.node.cli.local.StoredHistory;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Pause;
import io.holdfast.node.cli.output.Progress;
import io.holdfast.node.cli.tour.FolderFiles.FileRecord;
import io.holdfast.node.doctor.Doctor;
import io.holdfast.node.doctor.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tour: its scenes in their order. Confined to one thread; used once.
public final class Tour {
    private static final Duration SIGHTINGS_WITHIN = Duration.ofSeconds(20);
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Path executable;
    private final Path directory;
    private final Path folder;
    private final PrintWriter out;
    private final Narration narration;

    /// Prepares a tour.
    ///
    /// @param executable `bin/holdfast`, which starts the nodes
    /// @param directory empty; where the nodes keep what they keep
    /// @param folder whose files are entered
    public Tour(Path executable, Path directory, Path folder, PrintWriter out) {
        this.executable = executable;
        this.directory = directory;
        this.folder = folder;
        this.out = out;
        this.narration = new Narration(out, System::nanoTime);
    }

    /// Plays all scenes; whether every check held. No process of the tour is left, whatever happens.
    public boolean run() throws IOException, InterruptedException {
        try (Progress progress = new Progress(out, false)) {
            lookAtTheHost();
            FolderFiles files = readTheFolder();
            narration.scene("Start three nodes on this machine, with mutual TLS between them");
            try (TourCluster cluster = TourCluster.up(executable, directory, progress)) {
                showNodes(cluster);
                play(cluster, files);
            }
        } catch (CliException failed) {
            narration.check(false, failed.getMessage());
            narration.tell(failed.hint());
        }
        narration.end();
        return narration.isAllSo();
    }

    private void play(TourCluster cluster, FolderFiles files)
            throws CliException, IOException, InterruptedException {
        List<ApiClient> clients = cluster.nodes().stream().map(cluster::client).toList();
        FileEntries entries = new FileEntries(clients, String.valueOf(directory.getFileName()));
        LocalNode killed = enterAndKill(cluster, files, entries);
        readBack(cluster, files, entries);
        bringBack(cluster, killed, files, entries);
        VolumeScene volume = new VolumeScene(cluster, narration, files, directory);
        volume.play();
        new CounterScene(cluster, directory, narration).play();
        killEverything(cluster, files, entries);
        volume.again();
        stopAndVerify(cluster);
    }

    private void lookAtTheHost() throws InterruptedException {
        narration.scene("Look at this host, as 'holdfast doctor' does");
        List<Finding> findings = Doctor.ofThisHost(directory).examine();
        Map<Finding.State, Long> counts = findings.stream()
                .collect(Collectors.groupingBy(Finding::state, Collectors.counting()));
        narration.tell(counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
        findings.stream()
                .filter(finding -> finding.state() != Finding.State.OK)
                .forEach(finding -> narration.tell(
                        finding.subject() + ": " + finding.found() + "; remedy: " + finding.remedy()));
    }

    private FolderFiles readTheFolder() throws IOException {
        narration.scene("Read every file of " + folder);
        FolderFiles files = FolderFiles.read(folder);
        narration.tell(String.format(
                Locale.ROOT,
                "%d files, %.1f MiB, each with its SHA-256",
                files.files().size(),
                files.sizeBytes() / 1048576.0));
        if (files.isCut()) {
            narration.tell("the folder has more; a tour takes the first " + FolderFiles.FILES_MAX
                    + " files in the order of their paths, and at most 1 GiB");
        }
        narration.check(!files.files().isEmpty(), "there is something to enter");
        return files;
    }

    private void showNodes(TourCluster cluster) throws CliException, InterruptedException {
        TourCluster.Leader leader = cluster.awaitLeader();
        for (LocalNode node : cluster.nodes()) {
            narration.tell(node.name() + "  https://" + node.apiAddress()
                    + (node.equals(leader.node()) ? "  leads, term " + leader.term() : ""));
        }
        narration.check(cluster.running().size() == cluster.nodes().size(), "every node is ready");
    }

    /// Answers which node was killed.
    private LocalNode enterAndKill(TourCluster cluster, FolderFiles files, FileEntries entries)
            throws CliException, InterruptedException {
        TourCluster.Leader leader = cluster.awaitLeader();
        narration.scene("Enter every file through all three nodes, and kill the leader (kill -9 "
                + leader.node().name() + ") in the middle");
        long[] killedAt = new long[1];
        try (ApiClient watching = cluster.clientBeginningWith(leader.node());
                ChangeWitness witness = ChangeWitness.at(watching)) {
            narration.tell("a watch of all changes listens to " + leader.node().name());
            long startedAt = System.nanoTime();
            List<Long> acknowledgedAt = entries.enter(files.files(), () -> {
                killedAt[0] = System.nanoTime();
                cluster.kill(leader.node());
            });
            long took = System.nanoTime() - startedAt;
            narration.tell(String.format(
                    Locale.ROOT,
                    "%d entries acknowledged in %s; %d calls were repeated under the same key",
                    acknowledgedAt.size(),
                    Narration.seconds(took),
                    entries.retryCount()));
            narration.tell("longest wait for an acknowledgement after the kill: "
                    + Narration.seconds(longestWait(acknowledgedAt, killedAt[0])));
            TourCluster.Leader next = cluster.awaitLeader();
            narration.tell(next.node().name() + " leads now, term " + next.term());
            narration.check(!next.node().equals(leader.node()), "another node leads");
            narration.check(next.term() > leader.term(), "its term is a later one");
            checkWatch(witness, files.files().size());
        }
        return leader.node();
    }

    private static long longestWait(List<Long> acknowledgedAt, long killedAt) {
        long longest = 0;
        long before = killedAt;
        for (long moment : acknowledgedAt) {
            if (moment > killedAt) {
                longest = Math.max(longest, moment - before);
                before = moment;
            }
        }
        return longest;
    }

    private void checkWatch(ChangeWitness witness, int count) throws InterruptedException {
        witness.awaitSightings(count, SIGHTINGS_WITHIN);
        if (!witness.trouble().isEmpty()) {
            narration.tell("the watch ended: " + witness.trouble());
        }
        narration.check(witness.connectionCount() > 1, "the watch lost its node and went on at another");
        narration.check(
                witness.seenCount() == count && witness.repeatedCount() == 0,
                "it saw each of the " + count + " changes exactly once: seen=" + witness.seenCount()
                        + " repeated=" + witness.repeatedCount());
    }

    private void readBack(TourCluster cluster, FolderFiles files, FileEntries entries)
            throws CliException, IOException {
        narration.scene("Read every entry back from each survivor, and every file anew");
        Map<String, FileRecord> anew = new HashMap<>();
        for (int i = 0; i < files.files().size(); i++) {
            FileRecord file = files.files().get(i);
            anew.put(
                    FileEntries.keyOf(i),
                    new FileRecord(file.path(), file.sizeBytes(), files.digestNow(file)));
        }
        for (LocalNode node : cluster.running()) {
            checkAt(node, entries.readBack(cluster.client(node), "linearizable"), anew, "linearizable");
        }
    }

    private void checkAt(
            LocalNode node, Map<String, FileRecord> found, Map<String, FileRecord> wanted, String how) {
        long wrong = wanted.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(found.get(entry.getKey())))
                .count();
        narration.check(
                wrong == 0 && found.size() == wanted.size(),
                node.name() + ", " + how + ": " + (wanted.size() - wrong) + " of " + wanted.size()
                        + " entries have their file's digest, none besides");
    }

    private void bringBack(TourCluster cluster, LocalNode killed, FolderFiles files, FileEntries entries)
            throws CliException, IOException, InterruptedException {
        narration.scene("Start " + killed.name() + " again");
        long startedAt = System.nanoTime();
        cluster.startAgain();
        narration.tell("ready after " + Narration.seconds(System.nanoTime() - startedAt));
        Map<String, FileRecord> wanted = entered(files);
        Pause.until(() -> has(cluster.client(killed), wanted, entries), LOOK_EVERY, CATCH_UP_WITHIN);
        narration.tell("caught up after " + Narration.seconds(System.nanoTime() - startedAt));
        checkAt(killed, entries.readBack(cluster.client(killed), "local"), wanted, "from its own memory");
    }

    private static boolean has(ApiClient client, Map<String, FileRecord> wanted, FileEntries entries) {
        try {
            return entries.readBack(client, "local").equals(wanted);
        } catch (CliException notYet) {
            return false;
        }
    }

    private static Map<String, FileRecord> entered(FolderFiles files) {
        Map<String, FileRecord> wanted = new HashMap<>();
        for (int i = 0; i < files.files().size(); i++) {
            wanted.put(FileEntries.keyOf(i), files.files().get(i));
        }
        return wanted;
    }

    private void killEverything(TourCluster cluster, FolderFiles files, FileEntries entries)
            throws CliException, IOException, InterruptedException {
        narration.scene("Kill all three nodes at once (kill -9), and start them again");
        for (LocalNode node : cluster.nodes()) {
            cluster.kill(node);
        }
        narration.check(cluster.running().isEmpty(), "nothing runs");
        long startedAt = System.nanoTime();
        cluster.startAgain();
        narration.tell("all ready after " + Narration.seconds(System.nanoTime() - startedAt));
        for (LocalNode node : cluster.nodes()) {
            Map<String, FileRecord> found = entries.readBack(cluster.client(node), "linearizable");
            checkAt(node, found, entered(files), "linearizable");
        }
    }

    private void stopAndVerify(TourCluster cluster) throws CliException, IOException, InterruptedException {
        narration.scene("Stop the nodes, and recompute the hash chain of each one's history");
        narration.check(cluster.stop().killed().isEmpty(), "each stopped when it was asked to");
        for (LocalNode node : cluster.nodes()) {
            for (Path store : StoredHistory.below(node.dataDirectory())) {
                HistoryReport report = StoredHistory.verify(store);
                narration.check(report instanceof HistoryReport.Intact, node.name() + ": " + textOf(report));
            }
        }
    }

    private static String textOf(HistoryReport report) {
        return switch (report) {
            case HistoryReport.Intact intact -> intact.verifiedCount() + " entries, up to index "
                    + intact.lastIndex() + ", head " + intact.head();
            case HistoryReport.Broken broken -> "broken at index " + broken.index()
                    + ": expected=" + broken.expected() + " actual=" + broken.actual();
        };
    }

    /// Removes a folder and all that is in it, following no link; what is mounted there is unmounted.
    public static void remove(Path directory) throws IOException {
        Mounts.unmountBelow(directory);
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
