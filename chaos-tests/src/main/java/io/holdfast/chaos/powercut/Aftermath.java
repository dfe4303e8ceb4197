package io.holdfast.chaos.powercut;

import java.util.List;
import java.util.SplittableRandom;

/// What cuts leave on a disk, one cut after the other, each no earlier than the one before. Confined to one
/// thread.
public final class Aftermath {
    static final int SECTOR_BYTES = 512;

    private final List<DiskEvent> events;
    private final int flushesForgotten;
    private final DiskImage flushed;
    /// How many events the image of what is flushed has seen.
    private int flushedCount;

    private Aftermath(DiskImage before, List<DiskEvent> events, int flushesForgotten) {
        this.flushed = before.copy();
        this.events = List.copyOf(events);
        this.flushesForgotten = flushesForgotten;
    }

    /// Of a disk that keeps what it was told to.
    public static Aftermath of(DiskImage before, List<DiskEvent> events) {
        return new Aftermath(before, events, 0);
    }

    /// Of a disk that answers its last flushes, so many, without having done them: everything since the one
    /// before them is lost. No file system and no product can do anything about that.
    public static Aftermath ofForgetfulDisk(DiskImage before, List<DiskEvent> events, int flushCount) {
        return new Aftermath(before, events, flushCount);
    }

    /// What the cut leaves.
    public DiskImage of(PowerCut cut) {
        int lastFlush = lastFlush(cut.position());
        for (int i = flushedCount; i < lastFlush; i++) {
            if (events.get(i) instanceof DiskEvent.Write write) {
                flushed.write(write.offset(), write.bytes());
            }
        }
        flushedCount = Math.max(flushedCount, lastFlush);
        DiskImage image = flushed.copy();
        if (flushesForgotten == 0) {
            keepSome(image, cut, writes(lastFlush, cut.position()));
        }
        return image;
    }

    /// The number of the last flush that counts, among so many events; 0 if there is none.
    private int lastFlush(int count) {
        int forgotten = 0;
        for (int i = count - 1; i > 0; i--) {
            if (events.get(i) instanceof DiskEvent.Flush && forgotten++ == flushesForgotten) {
                return i;
            }
        }
        return 0;
    }

    private List<DiskEvent.Write> writes(int from, int to) {
        return events.subList(from, to).stream()
                .filter(DiskEvent.Write.class::isInstance)
                .map(DiskEvent.Write.class::cast)
                .toList();
    }

    private static void keepSome(DiskImage image, PowerCut cut, List<DiskEvent.Write> writes) {
        SplittableRandom random = new SplittableRandom(cut.seed());
        switch (cut.loss()) {
            case ALL -> {}
            case NONE -> writes.forEach(write -> image.write(write.offset(), write.bytes()));
            case AFTER_A_MOMENT -> keepUntil(image, writes, random);
            case ANY_WRITES -> {
                int keptPercent = 10 + random.nextInt(81);
                for (DiskEvent.Write write : writes) {
                    if (random.nextInt(100) < keptPercent) {
                        image.write(write.offset(), write.bytes());
                    }
                }
            }
            case ANY_SECTORS -> writes.forEach(write -> keepSectors(image, write, random));
        }
    }

    private static void keepUntil(DiskImage image, List<DiskEvent.Write> writes, SplittableRandom random) {
        if (writes.isEmpty()) {
            return;
        }
        int underWay = random.nextInt(writes.size());
        writes.subList(0, underWay).forEach(write -> image.write(write.offset(), write.bytes()));
        DiskEvent.Write torn = writes.get(underWay);
        int sectors = random.nextInt(torn.bytes().length / SECTOR_BYTES + 1);
        image.write(torn.offset(), torn.bytes(), 0, sectors * SECTOR_BYTES);
    }

    /// A third of the writes is there, a third is not, and of a third any sectors are.
    private static void keepSectors(DiskImage image, DiskEvent.Write write, SplittableRandom random) {
        switch (random.nextInt(3)) {
            case 0 -> image.write(write.offset(), write.bytes());
            case 1 -> {
                for (int at = 0; at < write.bytes().length; at += SECTOR_BYTES) {
                    if (random.nextBoolean()) {
                        int end = Math.min(at + SECTOR_BYTES, write.bytes().length);
                        image.write(write.offset(), write.bytes(), at, end);
                    }
                }
            }
            default -> {}
        }
    }
}
