package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.blockdevice.ZeroMode;
import io.holdfast.hostio.blockmap.MapVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// A volume of a family as a block device. Concurrent. Closing it changes nothing: the store owns what it
/// stands on.
public final class Volume implements BlockDevice {
    public static final int BLOCK_BYTES = 4096;

    private static final BlockGeometry GEOMETRY = new BlockGeometry(1, BLOCK_BYTES, 32 << 20);

    private final Family.Member member;
    private final WriteBuffer buffer;
    private final VersionReader reader;
    private final VolumeCounters counters;
    private final List<ResizeListener> listeners = new CopyOnWriteArrayList<>();

    Volume(Family.Member member, WriteBuffer buffer, VersionReader reader, VolumeCounters counters) {
        this.member = member;
        this.buffer = buffer;
        this.reader = reader;
        this.counters = counters;
    }

    /// Its number in the family.
    public int member() {
        return member.number;
    }

    @Override
    public long sizeBytes() {
        return member.sizeBytes;
    }

    @Override
    public BlockGeometry geometry() {
        return GEOMETRY;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    /// What was done with it.
    public VolumeCounters counters() {
        return counters;
    }

    @Override
    public void read(long offset, ByteBuffer destination) {
        check(offset, destination.remaining());
        counters.read(destination.remaining());
        long begin = System.nanoTime();
        readAll(offset, destination);
        counters.readLatency().record(System.nanoTime() - begin);
    }

    private void readAll(long offset, ByteBuffer destination) {
        long at = offset;
        while (destination.hasRemaining()) {
            int within = (int) (at % BLOCK_BYTES);
            int blocks = destination.remaining() / BLOCK_BYTES;
            if (within == 0 && blocks > 0) {
                readBlocks(at / BLOCK_BYTES, blocks, destination);
                destination.position(destination.position() + blocks * BLOCK_BYTES);
                at += (long) blocks * BLOCK_BYTES;
            } else {
                int part = Math.min(BLOCK_BYTES - within, destination.remaining());
                ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
                readBlocks(at / BLOCK_BYTES, 1, block);
                destination.put(block.slice(within, part));
                at += part;
            }
        }
    }

    /// Fills the target from its position on; the position stays.
    private void readBlocks(long firstBlock, int blocks, ByteBuffer target) {
        BitSet copied = null;
        if (!buffer.isEmpty()) {
            copied = new BitSet(blocks);
            buffer.copy(BlockKey.of(member.number, firstBlock), blocks, target, copied);
            if (copied.cardinality() == blocks) {
                return;
            }
        }
        reader.read(member.live, firstBlock, blocks, target, copied);
    }

    private void check(long offset, long length) {
        OutOfRangeException.check(offset, length, member.sizeBytes, GEOMETRY);
        if (member.isDeleted) {
            throw new DeviceIoException("the volume is deleted: member=" + member.number);
        }
    }

    /// Where durable blocks lie in the family's log, for whoever reads them there; none for those that were
    /// never written. The cleaner may move them at any time.
    public long[] places(long firstBlock, int blocks) {
        check(firstBlock * BLOCK_BYTES, (long) blocks * BLOCK_BYTES);
        long[] places = new long[blocks];
        for (int i = 0; i < blocks; i++) {
            places[i] = member.live.get(firstBlock + i);
        }
        return places;
    }

    @Override
    public void write(long offset, ByteBuffer source, Durability durability) {
        check(offset, source.remaining());
        counters.wrote(source.remaining());
        long begin = System.nanoTime();
        writeAll(offset, source, durability);
        counters.writeLatency().record(System.nanoTime() - begin);
    }

    private void writeAll(long offset, ByteBuffer source, Durability durability) {
        boolean isAwaited = durability == Durability.DURABLE;
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        long at = offset;
        while (source.hasRemaining()) {
            int within = (int) (at % BLOCK_BYTES);
            int blocks = source.remaining() / BLOCK_BYTES;
            int bytes;
            if (within == 0 && blocks > 0) {
                bytes = blocks * BLOCK_BYTES;
                done = buffer.put(key(at), blocks, source, isAwaited);
            } else {
                bytes = Math.min(BLOCK_BYTES - within, source.remaining());
                done = merge(at / BLOCK_BYTES, within, source.slice(source.position(), bytes), isAwaited);
                source.position(source.position() + bytes);
            }
            at += bytes;
        }
        settle(done, isAwaited);
    }

    private long key(long offset) {
        return BlockKey.of(member.number, offset / BLOCK_BYTES);
    }

    private void settle(CompletableFuture<Void> done, boolean isAwaited) {
        if (isAwaited) {
            buffer.submit();
            Failures.await(done);
        } else {
            buffer.nudge();
        }
    }

    /// Writes a part of a block: merged where it waits, or with what the log has.
    private CompletableFuture<Void> merge(long block, int within, ByteBuffer part, boolean isAwaited) {
        long key = BlockKey.of(member.number, block);
        while (true) {
            Optional<CompletableFuture<Void>> merged = buffer.merge(key, within, part, isAwaited);
            if (merged.isPresent()) {
                return merged.get();
            }
            MapVersion version = member.live;
            long place = version.get(block);
            ByteBuffer whole = ByteBuffer.allocate(BLOCK_BYTES);
            reader.read(version, block, 1, whole, null);
            whole.put(within, part, part.position(), part.remaining());
            merged = buffer.putIf(() -> member.live.get(block) == place, key, whole, isAwaited);
            if (merged.isPresent()) {
                return merged.get();
            }
        }
    }

    @Override
    public void writeZeroes(long offset, long length, ZeroMode mode, Durability durability) {
        check(offset, length);
        if (mode == ZeroMode.KEEP_ALLOCATED) {
            writeZeroBytes(offset, length, durability);
            return;
        }
        long firstWhole = (offset + BLOCK_BYTES - 1) / BLOCK_BYTES;
        long endWhole = (offset + length) / BLOCK_BYTES;
        if (firstWhole >= endWhole) {
            writeZeroBytes(offset, length, durability);
            return;
        }
        writeZeroBytes(offset, firstWhole * BLOCK_BYTES - offset, Durability.VISIBLE);
        writeZeroBytes(
                endWhole * BLOCK_BYTES, offset + length - endWhole * BLOCK_BYTES, Durability.VISIBLE);
        clear(firstWhole, endWhole - firstWhole);
        if (durability == Durability.DURABLE) {
            flush();
        }
    }

    /// Space that is promised is taken: there is no other way to keep it in a log.
    private void writeZeroBytes(long offset, long length, Durability durability) {
        long at = offset;
        long end = offset + length;
        while (at < end) {
            int part = (int) Math.min(end - at, Zeroes.AREA.capacity());
            write(at, Zeroes.AREA.slice(0, part), durability);
            at += part;
        }
    }

    /// Clears whole blocks; durable when it returns, since later operations must see it.
    private void clear(long firstBlock, long blocks) {
        boolean isClear = buffer.isEmpty()
                && member.live.next(true, firstBlock, firstBlock + blocks) == firstBlock + blocks;
        if (blocks > 0 && !isClear) {
            counters.cleared(blocks * BLOCK_BYTES);
            CompletableFuture<Void> done =
                    buffer.note(new FamilyNote.Cleared(member.number, firstBlock, blocks));
            settle(done, true);
        }
    }

    @Override
    public boolean canZeroFast(long offset, long length, ZeroMode mode) {
        check(offset, length);
        return mode == ZeroMode.MAY_FREE_SPACE && (offset | length) % BLOCK_BYTES == 0;
    }

    @Override
    public void trim(long offset, long length, Durability durability) {
        check(offset, length);
        long firstWhole = (offset + BLOCK_BYTES - 1) / BLOCK_BYTES;
        long endWhole = (offset + length) / BLOCK_BYTES;
        clear(firstWhole, Math.max(0, endWhole - firstWhole));
        if (durability == Durability.DURABLE) {
            flush();
        }
    }

    @Override
    public void flush() {
        counters.flushed();
        long begin = System.nanoTime();
        CompletableFuture<Void> done = buffer.all();
        settle(done, true);
        counters.flushLatency().record(System.nanoTime() - begin);
        Throwable failure = buffer.failure();
        if (failure != null) {
            throw Failures.of(failure);
        }
    }

    /// The log reads from memory or in parallel anyway; nothing is fetched ahead.
    @Override
    public void prefetch(long offset, long length) {
        check(offset, length);
    }

    @Override
    public List<Extent> extents(long offset, long length, int countMax) {
        check(offset, length);
        if (!buffer.isEmpty()) {
            flush();
        }
        return extents(member.live, offset, length, countMax);
    }

    static List<Extent> extents(MapVersion version, long offset, long length, int countMax) {
        List<Extent> extents = new ArrayList<>();
        long end = offset + length;
        long limit = (end + BLOCK_BYTES - 1) / BLOCK_BYTES;
        long at = offset;
        while (at < end && extents.size() < countMax) {
            long block = at / BLOCK_BYTES;
            boolean isMapped = version.get(block) != 0;
            long until = Math.min(end, version.next(!isMapped, block, limit) * BLOCK_BYTES);
            extents.add(new Extent(at, until - at, isMapped ? Extent.Kind.DATA : Extent.Kind.HOLE));
            at = until;
        }
        return extents;
    }

    @Override
    public Registration onResize(ResizeListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Changes the size; what lies beyond a smaller one is gone.
    public void resize(long newSizeBytes) {
        if (newSizeBytes < 0 || newSizeBytes % BLOCK_BYTES != 0
                || newSizeBytes / BLOCK_BYTES > MapVersion.BLOCKS_MAX) {
            throw new OutOfRangeException("a size is a multiple of 4 KiB and at most 64 TiB: sizeBytes="
                    + newSizeBytes);
        }
        CompletableFuture<Void> done = buffer.note(new FamilyNote.Resized(member.number, newSizeBytes));
        settle(done, true);
        listeners.forEach(listener -> listener.onResized(newSizeBytes));
    }

    /// Tells why the device fails, if it does: it never recovers then and is to be opened anew.
    public Optional<BlockDeviceException> failure() {
        return Optional.ofNullable(buffer.failure()).map(Failures::of);
    }

    @Override
    public void close() {
        // The store closes what it stands on.
    }
}
