package io.holdfast.hostio.blockmap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// The places of 512 blocks. Changed by one thread at a time, read by any.
public final class MapPage {
    public static final int BLOCKS = 512;
    public static final int BYTES = BLOCKS * Long.BYTES;

    static final long NONE = 0;

    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(long[].class);

    private final int generation;
    private final int number;
    private final long[] places;
    private volatile boolean isDirty = true;

    MapPage(int generation, int number) {
        this(generation, number, new long[BLOCKS]);
    }

    private MapPage(int generation, int number, long[] places) {
        this.generation = generation;
        this.number = number;
        this.places = places;
    }

    /// Reads what [#encode] wrote; such a page is clean.
    public static MapPage decode(int generation, int number, ByteBuffer source) {
        MapPage page = new MapPage(generation, number);
        for (int i = 0; i < BLOCKS; i++) {
            page.places[i] = source.getLong(source.position() + i * Long.BYTES);
        }
        page.isDirty = false;
        return page;
    }

    /// Writes [#BYTES] at the target's position, which stays.
    public void encode(ByteBuffer target) {
        for (int i = 0; i < BLOCKS; i++) {
            target.putLong(target.position() + i * Long.BYTES, get(i));
        }
    }

    MapPage copy(int newGeneration) {
        return new MapPage(newGeneration, number, places.clone());
    }

    /// Which generation it was made in.
    public int generation() {
        return generation;
    }

    /// Which 512 blocks of the volume it is for.
    public int number() {
        return number;
    }

    public long get(int at) {
        return (long) PLACE.getAcquire(places, at);
    }

    /// Returns the place before.
    long set(int at, long place) {
        long before = places[at];
        if (before != place) {
            PLACE.setRelease(places, at, place);
            isDirty = true;
        }
        return before;
    }

    /// Whether it changed since it was last clean.
    public boolean isDirty() {
        return isDirty;
    }

    /// To be called before it is encoded: a change meanwhile makes it dirty again.
    public void clean() {
        isDirty = false;
    }

    /// It was not stored after all.
    public void soil() {
        isDirty = true;
    }

    int mappedCount() {
        int count = 0;
        for (int i = 0; i < BLOCKS; i++) {
            count += get(i) == NONE ? 0 : 1;
        }
        return count;
    }
}
