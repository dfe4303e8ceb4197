package io.holdfast.chaos.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.chaos.network.LinkFaults;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import io.holdfast.chaos.sandbox.Capability;
import io.holdfast.chaos.sandbox.Skips;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("host")
class ProcessFaultsTest implements FaultSite {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NODE = "victim";

    @TempDir
    Path folder;

    private Optional<RunningProcess> running = Optional.empty();

    @BeforeEach
    void startVictim() throws Exception {
        Files.writeString(clockFile(NODE).orElseThrow(), ClockFault.RIGHT);
        start(NODE);
        awaitLine("a first round", line -> line.endsWith(" ok"));
    }

    @AfterEach
    void endVictim() throws Exception {
        kill(NODE);
    }

    private RunningProcess process() {
        return running.orElseThrow();
    }

    private static String year(String line) {
        return line.split(" ", 3)[1];
    }

    @Test
    void flushesFailWhileTheDiskIsBroken() throws Exception {
        assumeTrue(new Skips().has(Capability.STRACE, "failing flush"));
        Healing healing = SystemCallFault.failingFlush(NODE).apply(this);
        awaitLine("a failed flush", line -> line.contains("failed"));
        healing.heal();
        awaitLine("a round that went well", line -> line.endsWith(" ok"));
    }

    @Test
    void processDiesAtThatSystemCall() throws Exception {
        assumeTrue(new Skips().has(Capability.STRACE, "kill at a flush"));
        SystemCallFault.killAtFlush(NODE, 3).apply(this);
        Await.real().untilTrue("the end of the process", LIMIT, () -> !process().isAlive());
    }

    @Test
    void frozenProcessMakesNoProgressUntilItIsThawed() throws Exception {
        Healing healing = new FreezeFault(List.of(NODE)).apply(this);
        Await.real().untilTrue("a stopped process", LIMIT, () -> state().equals("T"));
        healing.heal();
        awaitLine("a round after the thaw", line -> line.endsWith(" ok"));
    }

    @Test
    void noDescriptorIsLeftUntilHealed() throws Exception {
        Healing healing = new DescriptorFault(NODE, 3).apply(this);
        awaitLine("a file that cannot be opened", line -> line.contains("Too many open files"));
        healing.heal();
        awaitLine("a round that went well", line -> line.endsWith(" ok"));
    }

    @Test
    void noMemoryIsLeftUntilHealed() throws Exception {
        String before = addressSpaceLimit();
        Healing healing = new MemoryFault(NODE).apply(this);
        assertNotEquals(before, addressSpaceLimit());
        healing.heal();
        awaitLine("a round that went well", line -> line.endsWith(" ok"));
        assertEquals(before, addressSpaceLimit());
    }

    /// The soft one; of the process that runs now, for it may have ended of the fault.
    private String addressSpaceLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process().pid() + "/limits")).stream()
                .filter(line -> line.startsWith("Max address space")).findFirst().orElse("gone");
    }

    @Test
    void clockJumpsAndComesBack() throws Exception {
        assumeTrue(new Skips().has(Capability.FAKETIME, "clock jump"));
        String year = year(lines().getLast());
        Healing healing = new ClockFault(NODE, 400L * 86_400).apply(this);
        awaitLine("another year", line -> !year(line).equals(year));
        healing.heal();
        awaitLine("the right year", line -> year(line).equals(year));
    }

    @Test
    void killedProcessIsGone() throws Exception {
        Healing healing = new KillFault(List.of(NODE)).apply(this);
        assertFalse(process().isAlive());
        healing.heal();
        awaitLine("a round of the new process", line -> line.endsWith(" ok"));
    }

    private String state() {
        try {
            String stat = Files.readString(Path.of("/proc/" + process().pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for such a line among those printed from now on.
    private void awaitLine(String what, Predicate<String> isWanted) throws Exception {
        int seen = lines().size();
        Await.real().untilTrue(what, LIMIT, () -> lines().stream().skip(seen).anyMatch(isWanted));
    }

    private List<String> lines() {
        try {
            String text = Files.readString(log());
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path log() {
        return folder.resolve("victim.log");
    }

    @Override
    public List<String> nodes() {
        return List.of(NODE);
    }

    @Override
    public Optional<LinkFaults> links() {
        return Optional.empty();
    }

    @Override
    public long pidOf(String node) {
        return process().pid();
    }

    @Override
    public void kill(String node) throws IOException {
        process().close();
        // What libfaketime shares between processes outlives one that is killed.
        for (String name : List.of("faketime_shm_", "sem.faketime_sem_")) {
            Files.deleteIfExists(Path.of("/dev/shm", name + process().pid()));
        }
    }

    @Override
    public void start(String node) throws IOException {
        Command command = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "-cp", System.getProperty("java.class.path"), Victim.class.getName(),
                        folder.resolve("file").toString())
                .loggedTo(log());
        Optional<Path> library = Capability.fakeTimeLibrary();
        if (library.isPresent()) {
            command = command.with("LD_PRELOAD", library.get().toString())
                    .with("FAKETIME_TIMESTAMP_FILE", clockFile(node).orElseThrow().toString())
                    .with("FAKETIME_NO_CACHE", "1")
                    .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                    .with("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
        running = Optional.of(RunningProcess.start(command));
    }

    @Override
    public Optional<Path> clockFile(String node) {
        return Optional.of(folder.resolve("clock"));
    }
}
