package io.holdfast.hostio.erasure;

import io.holdfast.hostio.nativeaccess.IsaLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Intel ISA-L through the foreign function interface.
final class IsalBackend implements CodecBackend {
    /// Address arrays kept for reuse; a caller that finds none allocates its own and leaves it here.
    private static final int SCRATCH_COUNT = 64;
    private static final long SCRATCH_BYTES =
            2L * ErasureProfile.DATA_STRIPS_MAX * ValueLayout.ADDRESS.byteSize();

    private final IsaLibrary library;
    private final AtomicReferenceArray<@Nullable MemorySegment> scratch =
            new AtomicReferenceArray<>(SCRATCH_COUNT);

    IsalBackend(IsaLibrary library) {
        this.library = library;
    }

    @Override
    public String name() {
        return "isa-l";
    }

    @Override
    public StripTransform transform(CodingMatrix matrix) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        MemorySegment tables = Arena.ofAuto()
                .allocate((long) rows * columns * IsaLibrary.TABLE_BYTES_PER_COEFFICIENT, 64);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate((long) rows * columns);
            bytes.copyFrom(MemorySegment.ofArray(matrix.toBytes()));
            library.initTables(columns, rows, bytes, tables);
        }
        return (sources, targets, stripBytes) -> apply(tables, sources, targets, stripBytes);
    }

    private void apply(
            MemorySegment tables, MemorySegment[] sources, MemorySegment[] targets, int stripBytes) {
        if (sources.length == 0) {
            for (MemorySegment target : targets) {
                target.asSlice(0, stripBytes).fill((byte) 0);
            }
            return;
        }
        int slot = (int) Thread.currentThread().threadId() & (SCRATCH_COUNT - 1);
        MemorySegment taken = scratch.getAndSet(slot, null);
        MemorySegment addresses = taken != null ? taken : Arena.ofAuto().allocate(SCRATCH_BYTES, 8);
        for (int i = 0; i < sources.length; i++) {
            addresses.setAtIndex(ValueLayout.ADDRESS, i, sources[i]);
        }
        for (int i = 0; i < targets.length; i++) {
            addresses.setAtIndex(ValueLayout.ADDRESS, ErasureProfile.DATA_STRIPS_MAX + i, targets[i]);
        }
        MemorySegment targetAddresses = addresses.asSlice(
                ErasureProfile.DATA_STRIPS_MAX * ValueLayout.ADDRESS.byteSize());
        library.encode(stripBytes, sources.length, targets.length, tables, addresses, targetAddresses);
        scratch.set(slot, addresses);
    }
}
