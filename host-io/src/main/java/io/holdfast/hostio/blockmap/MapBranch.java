package io.holdfast.hostio.blockmap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// 512 pages: the map of 1 GiB. Changed by one thread at a time, read by any.
final class MapBranch {
    static final int PAGES = 512;

    private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(MapPage[].class);

    private final int generation;
    private final @Nullable MapPage[] pages;

    MapBranch(int generation) {
        this(generation, new @Nullable MapPage[PAGES]);
    }

    private MapBranch(int generation, @Nullable MapPage[] pages) {
        this.generation = generation;
        this.pages = pages;
    }

    MapBranch copy(int newGeneration) {
        return new MapBranch(newGeneration, pages.clone());
    }

    int generation() {
        return generation;
    }

    @Nullable MapPage page(int at) {
        return (MapPage) PAGE.getAcquire(pages, at);
    }

    void put(int at, @Nullable MapPage page) {
        PAGE.setRelease(pages, at, page);
    }
}
