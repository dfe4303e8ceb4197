package io.holdfast.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.nbd.Export;
import io.holdfast.hostio.nbd.ExportRefusedException;
import io.holdfast.hostio.nbd.NbdClient;
import io.holdfast.hostio.testing.SimulatedHosts;
import io.holdfast.node.chunk.LedgerChunkDirectory;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.testing.MemoryLedger;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Versions of a volume that belong to snapshots of applications, and volumes that are to be what they were:
/// two nodes on the same hosts and ledger, one of which dies (is left as it is) between any two steps.
@Timeout(120)
final class DueVolumesTest {
    private static final StreamId FAMILY = new StreamId(0x77);
    private static final FencingToken MAKER = new FencingToken(3);
    private static final SnapshotKey SNAPSHOT = Samples.SNAPSHOT;

    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> java.time.Instant.ofEpochMilli(millis.get());
    private final MemoryLedger ledger = new MemoryLedger(clock, 3);
    private final SimulatedHosts hosts =
            SimulatedHosts.start(3, 512L << 20, new StoreGeometry(4 << 20, 8, 16));
    private final Node first = new Node("node-1");
    private final Node second = new Node("node-2");
    /// The volume as whoever has it open since before it was saved.
    private Optional<BlockDevice> open = Optional.empty();

    /// One node's part of serving volumes.
    private final class Node implements AutoCloseable {
        final LedgerAccess access;
        final LogRuntime runtime;
        final FamilyOpener opener;
        final FamilyHost families;
        final VolumeExports exports;
        final VolumePins pins;
        final DueVolumes due;

        Node(String name) {
            access = ledger.access(name);
            LedgerChunkDirectory directory = new LedgerChunkDirectory(access, (count, _, _, taken) ->
                    IntStream.rangeClosed(1, 3)
                            .mapToObj(host -> new FragmentPlace(host, 0))
                            .filter(place -> !taken.contains(place))
                            .limit(count)
                            .toList());
            runtime = new LogRuntime(directory, hosts, System::nanoTime);
            opener = new FamilyOpener(access, runtime, (_, _, _) -> {});
            families = new FamilyHost(name, access, opener, new LeaseClock(
                    () -> TimeUnit.MILLISECONDS.toNanos(millis.get()), millis::get));
            exports = new VolumeExports(access, families);
            pins = new VolumePins(access, families);
            due = new DueVolumes(access);
        }

        /// As a client finds it that connects and goes again.
        BlockDevice device() {
            return exports.find("db", client(1)).orElseThrow().device();
        }

        <T> T inFamily(java.util.function.Function<OpenFamily, T> work) {
            OpenFamily family = families.enter(FAMILY, false);
            try {
                return work.apply(family);
            } finally {
                family.leave();
            }
        }

        boolean holds(java.util.function.Predicate<OpenFamily> question) {
            return inFamily(question::test);
        }

        boolean isAsOf(VolumeSnapshotKey key) {
            return holds(family -> due.isAsOf(family, key));
        }

        @Override
        public void close() {
            families.close();
            runtime.close();
        }
    }

    DueVolumesTest() {
        accept(new VolumeCommand.Create("db", new VolumeDraft(
                1 << 20, 4_096, new Profile(2, 1, Profile.Spread.NODE), VolumePolicy.STRICT, FAMILY)));
    }

    @AfterEach
    void closeAll() {
        first.close();
        second.close();
        hosts.close();
        ledger.close();
    }

    @Test
    void whoDiesBeforeNamingAVersionLeavesNone() {
        write(first.device(), 1);
        begin();
        first.pins.pin("db");
        takeOver();
        assertEquals(1, read(second.device()));
        assertEquals(0, versions(second), "the next to serve the volume has dropped it");
    }

    @Test
    void whoWasOvertakenNamesNothing() {
        write(first.device(), 1);
        begin();
        VolumePins.Pin pin = first.pins.pin("db");
        takeOver();
        assertEquals(1, read(second.device()));
        GridReply reply = complete(pin, true);
        assertEquals(RefusalCode.FENCED, assertInstanceOf(GridReply.Refused.class, reply).code());
        assertTrue(volume().asOf().isEmpty());
    }

    @Test
    void aVersionIsKeptWhileItIsToBeNamedAndDroppedWhenItsNameIsGone() {
        write(first.device(), 1);
        begin();
        VolumePins.Pin pin = first.pins.pin("db");
        assertFalse(first.holds(family -> family.whileNothingIsNamed(() ->
                first.opener.dropUnnamed(family.store(), FAMILY))));
        accepted(complete(pin, false));
        pin.named();
        sweep(first);
        assertEquals(1, versions(first));
        accept(new SnapshotCommand.Delete(SNAPSHOT, ExpectedVersion.ANY));
        sweep(first);
        assertEquals(0, versions(first));
    }

    @Test
    void aVersionThatIsGivenUpIsGoneAtOnce() {
        write(first.device(), 1);
        VolumePins.Pin pin = first.pins.pin("db");
        assertEquals(1, versions(first));
        pin.giveUp();
        pin.giveUp();
        assertEquals(0, versions(first));
        sweep(first);
    }

    @Test
    void whatWasWrittenToARestingVolumeIsOfNoValue() {
        write(first.device(), 1);
        VolumeSnapshotKey cut = saved(first, true);
        write(open.orElseThrow(), 2);
        takeOver();
        assertTrue(second.holds(family -> second.due.makeAsOf(family, cut)));
        assertTrue(volume().asOf().isEmpty(), "what is written from now on counts");
        assertTrue(second.isAsOf(cut));
        BlockDevice device = second.device();
        assertEquals(1, read(device));
        write(device, 3);
        assertFalse(second.isAsOf(cut));
        assertFalse(second.holds(family -> second.due.makeAsOf(family, cut)), "it was written to since");
        assertEquals(3, read(device));
    }

    @Test
    void whoDiesBetweenRollingBackAndSayingSoHasItDoneAgain() {
        write(first.device(), 1);
        VolumeSnapshotKey cut = saved(first, true);
        write(open.orElseThrow(), 2);
        first.inFamily(family -> {
            family.store().rollBack(volume().member(), number(cut));
            return true;
        });
        takeOver();
        assertTrue(second.holds(family -> second.due.makeAsOf(family, cut)));
        assertEquals(1, read(second.device()));
    }

    @Test
    void whoDiesBetweenRollingBackAndMountingHasNothingToRollBack() {
        write(first.device(), 1);
        VolumeSnapshotKey cut = saved(first, true);
        write(open.orElseThrow(), 2);
        assertTrue(first.holds(family -> first.due.makeAsOf(family, cut)));
        takeOver();
        assertTrue(second.holds(family -> second.due.makeAsOf(family, cut)), "nothing was written since");
    }

    @Test
    void theFirstClientFindsARestingVolumeAsItWas() {
        write(first.device(), 1);
        saved(first, true);
        write(open.orElseThrow(), 2);
        assertEquals(1, read(first.device()));
        assertTrue(volume().asOf().isEmpty());
    }

    @Test
    void aVolumeThatSomebodySleepsOnIsNotForOthers() {
        Export export = first.exports.find("db", client(7)).orElseThrow();
        first.exports.onConnected(export, client(7));
        write(export.device(), 1);
        saved(first, true);
        assertThrows(ExportRefusedException.class, () -> first.exports.find("db", client(8)));
        first.exports.onDisconnected(export, client(7));
        assertEquals(1, read(first.device()));
    }

    @Test
    void whoWakesUpSaysSoFirstAndWhatItWritesCounts() {
        write(first.device(), 1);
        begin();
        VolumePins.Pin pin = first.pins.pin("db");
        long version = accepted(complete(pin, true));
        pin.named();
        VolumeSnapshotKey cut = cut();
        pin.goOn(OptionalLong.of(version));
        assertTrue(volume().asOf().isEmpty());
        write(first.device(), 2);
        takeOver();
        assertFalse(second.holds(family -> second.due.makeAsOf(family, cut)));
        assertEquals(2, read(second.device()));
        assertThrows(VolumeRefusedException.class, () -> pin.goOn(OptionalLong.of(version)));
    }

    @Test
    void whoSleptOnAVolumeThatIsToGoBackDoesNotWake() {
        write(first.device(), 1);
        begin();
        VolumePins.Pin pin = first.pins.pin("db");
        long version = accepted(complete(pin, true));
        pin.named();
        accept(new SnapshotCommand.Restore(SNAPSHOT, true));
        assertThrows(VolumeRefusedException.class, () -> pin.goOn(OptionalLong.of(version)));
        assertTrue(volume().isToBe(cut()));
    }

    /// A snapshot with a version of the volume, made by a node that has the volume's device open.
    private VolumeSnapshotKey saved(Node node, boolean isAtRest) {
        open = Optional.of(node.inFamily(family -> family.store().volume(volume().member())));
        begin();
        VolumePins.Pin pin = node.pins.pin("db");
        accepted(complete(pin, isAtRest));
        pin.named();
        return cut();
    }

    private VolumeSnapshotKey cut() {
        return first.access.reader().get(SnapshotCatalogs.SNAPSHOTS, SNAPSHOT)
                .flatMap(snapshot -> snapshot.value().of("db"))
                .orElseThrow();
    }

    private int number(VolumeSnapshotKey key) {
        return first.access.reader().get(VolumeCatalogs.SNAPSHOTS, key).orElseThrow().value().number();
    }

    private void begin() {
        accept(new SnapshotCommand.Begin(
                SNAPSHOT,
                new SnapshotDraft(Samples.DIGEST, Samples.HOST_CLASS, Optional.empty(), 1,
                        SnapshotOrigin.ASKED, Optional.of(Samples.APPLICATION_SPEC)),
                MAKER));
    }

    private GridReply complete(VolumePins.Pin pin, boolean isAtRest) {
        return first.access.submit(new SnapshotCommand.Complete(
                SNAPSHOT, MAKER, List.of(Samples.FILE), Optional.empty(), List.of(pin.asPin(isAtRest))));
    }

    /// The first node is gone, and its lease with it.
    private void takeOver() {
        millis.addAndGet(11_000);
    }

    private void sweep(Node node) {
        assertTrue(node.holds(family -> family.whileNothingIsNamed(() ->
                node.opener.dropUnnamed(family.store(), FAMILY))));
    }

    private static int versions(Node node) {
        return node.inFamily(family -> family.store().snapshots().size());
    }

    private VolumeEntry volume() {
        return first.access.reader().get(VolumeCatalogs.VOLUMES, "db").map(Versioned::value).orElseThrow();
    }

    private void accept(GridCommand command) {
        accepted(first.access.submit(command));
    }

    private static long accepted(GridReply reply) {
        return assertInstanceOf(GridReply.Accepted.class, reply, reply.toString()).version();
    }

    private static NbdClient client(long connection) {
        return new NbdClient(connection, "test", Optional.empty());
    }

    private static void write(BlockDevice device, int value) {
        ByteBuffer block = ByteBuffer.allocate(4_096);
        while (block.hasRemaining()) {
            block.put((byte) value);
        }
        device.write(0, block.flip(), Durability.DURABLE);
    }

    private static int read(BlockDevice device) {
        ByteBuffer block = ByteBuffer.allocate(4_096);
        device.read(0, block);
        return block.get(17);
    }
}
