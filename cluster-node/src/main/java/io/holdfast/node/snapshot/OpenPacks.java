package io.holdfast.node.snapshot;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The packs of a snapshot that is being opened: those that lie on this host, and those that are on their
/// way to it. Confined.
final class OpenPacks implements AutoCloseable {
    private final PackCache cache;
    private final List<PackSource> sources = new ArrayList<>();
    private final List<FileChannel> files = new ArrayList<>();
    private final List<Arriving> arriving = new ArrayList<>();

    private record Arriving(StoredBlob pack, Path copy, ArrivingPack source) {}

    OpenPacks(PackCache cache) {
        this.cache = cache;
    }

    /// Adds a pack that lies on this host; answers it if it does.
    Optional<FileChannel> addIfHere(StoredBlob pack) throws IOException {
        Path place = cache.placeOf(pack);
        try {
            cache.touch(place);
            FileChannel file = FileChannel.open(place, StandardOpenOption.READ);
            files.add(file);
            sources.add(PackSource.in(file));
            return Optional.of(file);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /// Adds one that is fetched from now on.
    ///
    /// @param sealed its bytes, which are this object's
    void add(StoredBlob pack, InputStream sealed) throws IOException {
        Path copy = cache.newFile();
        ArrivingPack source = ArrivingPack.into(copy, sealed);
        arriving.add(new Arriving(pack, copy, source));
        sources.add(source);
    }

    /// In the order in which they were added.
    List<PackSource> all() {
        return List.copyOf(sources);
    }

    /// Keeps on this host what was fetched and is what it should be; the rest of it is awaited.
    void keep() throws IOException {
        for (Arriving each : arriving) {
            each.source().awaitWhole();
        }
        for (Arriving each : arriving) {
            cache.keep(each.pack(), each.copy());
        }
    }

    /// Gives up what is still on its way, and what was not kept.
    @Override
    public void close() throws IOException {
        for (Arriving each : arriving) {
            each.source().close();
            Files.deleteIfExists(each.copy());
        }
        for (FileChannel file : files) {
            file.close();
        }
    }
}
