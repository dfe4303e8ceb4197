package io.holdfast.node.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.node.app.AppLedger;
import io.holdfast.node.app.StartFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The content of volumes, each a folder with one file, `count`; versions of it are kept and brought back.
/// Concurrent, by its monitor.
public final class FakeVolumes {
    /// Under which all nodes serve them.
    static final FencingToken TOKEN = new FencingToken(1);

    private final Path folder;
    private final Map<Integer, String> pinned = new HashMap<>();
    /// What a volume is exactly, as long as nothing was written to it since.
    private final Map<String, Integer> exactly = new HashMap<>();
    private int next = 1;

    FakeVolumes(Path folder) {
        this.folder = folder;
    }

    VolumeEntry entry(AppLedger ledger, String volume) throws StartFailedException {
        return ledger.reader().get(VolumeCatalogs.VOLUMES, volume)
                .map(Versioned::value)
                .orElseThrow(() -> new StartFailedException("no such volume: volume=" + volume));
    }

    int number(AppLedger ledger, VolumeSnapshotKey key) throws StartFailedException {
        return ledger.reader().get(VolumeCatalogs.SNAPSHOTS, key)
                .map(snapshot -> snapshot.value().number())
                .orElseThrow(() -> new StartFailedException("no such snapshot: snapshot=" + key));
    }

    /// Its folder, for somebody who will write to it.
    synchronized Path mounted(String volume) {
        touch(volume);
        return folderOf(volume);
    }

    private Path folderOf(String volume) {
        try {
            return Files.createDirectories(folder.resolve(volume));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What is in a volume.
    public synchronized String content(String volume) {
        Path file = folderOf(volume).resolve("count");
        try {
            return Files.exists(file) ? Files.readString(file, US_ASCII) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// As if somebody else had written to it.
    public synchronized void write(String volume, String content) {
        touch(volume);
        try {
            Files.writeString(folderOf(volume).resolve("count"), content, US_ASCII);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    synchronized void touch(String volume) {
        exactly.remove(volume);
    }

    synchronized int pin(String volume) {
        int number = next++;
        pinned.put(number, content(volume));
        exactly.put(volume, number);
        return number;
    }

    synchronized void unpin(int number) {
        pinned.remove(number);
    }

    /// The versions that are kept.
    public synchronized Set<Integer> pinned() {
        return new TreeSet<>(pinned.keySet());
    }

    synchronized void rollBack(String volume, int number) {
        write(volume, pinned.getOrDefault(number, "lost"));
        exactly.put(volume, number);
    }

    synchronized boolean isAs(String volume, int number) {
        return exactly.getOrDefault(volume, -1) == number
                && content(volume).equals(pinned.get(number));
    }

    /// Answers the member's number of a volume that begins as a version.
    synchronized int copy(int number, String volume) {
        write(volume, pinned.getOrDefault(number, "lost"));
        return next++;
    }
}
