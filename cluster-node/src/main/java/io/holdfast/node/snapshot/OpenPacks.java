package io.holdfast.node.snapshot;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The packs of a snapshot that is being opened. Confined.
final class OpenPacks implements AutoCloseable {
    private final List<FileChannel> files = new ArrayList<>();

    /// Adds a pack that lies on this host; answers whether it does.
    boolean addIfHere(PackCache packs, StoredBlob pack) throws IOException {
        Path place = packs.placeOf(pack);
        try {
            packs.touch(place);
            files.add(FileChannel.open(place, StandardOpenOption.READ));
            return true;
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    void add(FileChannel file) {
        files.add(file);
    }

    List<FileChannel> all() {
        return List.copyOf(files);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files) {
            file.close();
        }
    }
}
