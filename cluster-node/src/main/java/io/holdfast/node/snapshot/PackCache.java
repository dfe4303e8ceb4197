package io.holdfast.node.snapshot;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Sealed packs that this node made or fetched lately, as files of their own, within a bound: what was used
/// longest ago goes first. Nothing depends on them, so nothing is forced to disk, and a torn one is found
/// out when it is opened. Concurrent: a pack is written beside its place and moved there whole; one that is
/// being read may go meanwhile.
final class PackCache {
    private static final String SUFFIX = ".sealed";

    private final Path folder;
    private final long bytesMax;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    private record Pack(Path file, long bytes, FileTime used) {}

    private PackCache(Path folder, long bytesMax, InstantSource clock) {
        this.folder = folder;
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    /// Goes on with what is there; unfinished packs of a killed predecessor are nobody's.
    static PackCache open(Path folder, long bytesMax, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!String.valueOf(file.getFileName()).endsWith(SUFFIX)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return new PackCache(folder, bytesMax, clock);
    }

    /// Where a pack is, if it is here.
    Path placeOf(StoredBlob pack) {
        return folder.resolve(nameOf(pack));
    }

    /// A file for a pack that is to be [#keep]; it does not exist yet.
    Path newFile() {
        return folder.resolve("new-" + Long.toUnsignedString(random.nextLong(), 36));
    }

    /// Takes a whole pack in, and lets others go if there is not enough room.
    void keep(StoredBlob pack, Path file) throws IOException {
        touch(file);
        Files.move(file, placeOf(pack), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        evict();
    }

    /// Says that a pack is of use.
    void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    void drop(StoredBlob pack) throws IOException {
        Files.deleteIfExists(placeOf(pack));
    }

    /// Deletes the packs that are none of these and were last used before a time.
    ///
    /// @return how many went
    int sweep(Set<StoredBlob> known, Instant olderThan) throws IOException {
        Set<String> names = known.stream().map(PackCache::nameOf).collect(Collectors.toSet());
        int swept = 0;
        for (Pack pack : packs()) {
            boolean isKnown = names.contains(String.valueOf(pack.file().getFileName()));
            if (!isKnown && pack.used().toInstant()
                    .isBefore(olderThan) && Files.deleteIfExists(pack.file())) {
                swept++;
            }
        }
        return swept;
    }

    /// What all packs take.
    long bytes() {
        try {
            return packs().stream().mapToLong(Pack::bytes).sum();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the folder of packs cannot be read: " + folder, unreadable);
        }
    }

    private void evict() throws IOException {
        List<Pack> packs = new ArrayList<>(packs());
        packs.sort(Comparator.comparing(Pack::used));
        long bytes = packs.stream().mapToLong(Pack::bytes).sum();
        for (Pack pack : packs) {
            if (bytes <= bytesMax) {
                return;
            }
            Files.deleteIfExists(pack.file());
            bytes -= pack.bytes();
        }
    }

    private List<Pack> packs() throws IOException {
        List<Pack> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                try {
                    found.add(new Pack(file, Files.size(file), Files.getLastModifiedTime(file)));
                } catch (NoSuchFileException gone) {
                    // Another thread has let it go.
                }
            }
        }
        return found;
    }

    private static String nameOf(StoredBlob pack) {
        String digest = pack.digest().value();
        return digest.substring(digest.indexOf(':') + 1) + SUFFIX;
    }
}
