package io.holdfast.node.snapshot;

import io.holdfast.gridstate.snapshot.SnapshotKey;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The form of a pack, and how a snapshot's files come out of the packs that hold its pages.
///
///     pack:  magic "HFPACK03" (8) | salt (32) | frames of pages | directory | where it begins (8)
///
/// The frames ([SealedFrames]) are sealed with a key of the tenant and the salt, so that later snapshots of
/// the tenant can use them; the directory ([PackDirectory]), as a [SealedStream], for this snapshot only. It
/// names the salts of all packs whose pages are used, so none can be put in another's place.
final class SnapshotPack {
    static final int SALT_BYTES = 32;
    static final int HEADER_BYTES = PackForm.MAGIC_BYTES + SALT_BYTES;

    private static final int RUN_BYTES_MAX = 1 << 20;
    private static final int HALVED_BYTES_MIN = 8 << 20;

    private SnapshotPack() {}

    static PackDirectory directory(FileChannel pack, SnapshotKey key, TenantKeys keys) throws IOException {
        try {
            return directory(PackSource.in(pack), pack.size(), key, keys);
        } catch (EOFException early) {
            throw new SnapshotDamagedException("a pack ends early: key=" + key, early);
        }
    }

    /// The directory of a pack.
    ///
    /// @param length of the pack
    static PackDirectory directory(PackSource source, long length, SnapshotKey key, TenantKeys keys)
            throws IOException {
        if (length < HEADER_BYTES + Long.BYTES) {
            throw new SnapshotDamagedException("not a snapshot's pack: key=" + key + " bytes=" + length);
        }
        PackForm form = PackForm.of(read(source, 0, PackForm.MAGIC_BYTES))
                .orElseThrow(() -> new SnapshotDamagedException(
                        "not a pack of a form that is known here: key=" + key));
        long end = length - Long.BYTES;
        long start = ByteBuffer.wrap(read(source, end, Long.BYTES)).getLong();
        if (start < HEADER_BYTES || start > end || end - start > PackDirectory.BYTES_MAX) {
            throw new SnapshotDamagedException("a directory's place: key=" + key + " start=" + start);
        }
        byte[] sealed = read(source, start, (int) (end - start));
        PackDirectory directory =
                PackDirectory.read(SealedStream.open(new ByteArrayInputStream(sealed), keys, key), form);
        if (HEADER_BYTES + directory.packs().getFirst().frames().sealedBytes() != start) {
            throw new SnapshotDamagedException("a pack of another length: key=" + key);
        }
        return directory;
    }

    private static byte[] read(PackSource source, long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        source.read(position, target);
        return target.array();
    }

    /// Writes a snapshot's files into a folder that is new and nobody else's.
    ///
    /// @param packs as the directory numbers them
    static void unpack(
            PackDirectory directory, List<PackSource> packs, String tenant, TenantKeys keys, Path folder)
            throws IOException {
        if (packs.size() != directory.packs().size()) {
            throw new SnapshotDamagedException("packs that the catalog names: count=" + packs.size()
                    + " used=" + directory.packs().size());
        }
        for (int i = 0; i < packs.size(); i++) {
            requireHeader(packs.get(i), HexFormat.of().parseHex(directory.packs().get(i).salt()));
        }
        Packs opened = new Packs(directory, packs, tenant, keys);
        int page = 0;
        for (PackDirectory.Entry file : directory.files()) {
            Path place = folder.resolve(file.path());
            Files.createDirectories(place.getParent());
            try (FileChannel out = FileChannel.open(
                    place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                page = unpackOne(opened, page, file.bytes(), out);
            }
        }
    }

    /// What all files come out of. Immutable.
    private record Packs(
            PackDirectory directory, List<PackSource> sources, String tenant, TenantKeys keys) {
        SealedFrames.Reader reader(int number) {
            PackDirectory.Pack pack = directory.packs().get(number);
            byte[] salt = HexFormat.of().parseHex(pack.salt());
            return new SealedFrames.Reader(
                    sources.get(number), HEADER_BYTES, pack, keys.packKey(tenant, salt));
        }
    }

    /// One thread's readers of all packs. Confined.
    private static final class Readers implements AutoCloseable {
        private final List<SealedFrames.Reader> all = new ArrayList<>();

        Readers(Packs packs) {
            for (int i = 0; i < packs.sources().size(); i++) {
                all.add(packs.reader(i));
            }
        }

        SealedFrames.Reader of(int pack) {
            return all.get(pack);
        }

        @Override
        public void close() {
            all.forEach(SealedFrames.Reader::close);
        }
    }

    /// Answers the page after the file's last one. A large file is opened by two threads, half by half.
    private static int unpackOne(Packs packs, int first, long bytes, FileChannel out) throws IOException {
        int pageBytes = packs.directory().pageBytes();
        int count = (int) ((bytes + pageBytes - 1) / pageBytes);
        Part whole = new Part(first, bytes, 0, count);
        if (bytes < HALVED_BYTES_MIN) {
            unpackPart(packs, whole, out);
        } else {
            Part half = new Part(first, bytes, 0, count / 2);
            CompletableFuture<?> beside = CompletableFuture.runAsync(() -> {
                try {
                    unpackPart(packs, half, out);
                } catch (IOException failure) {
                    throw new CompletionException(failure);
                }
            }, task -> Thread.ofVirtual().name("unpack").start(task));
            try {
                unpackPart(packs, new Part(first, bytes, count / 2, count), out);
            } finally {
                await(beside);
            }
        }
        return first + count;
    }

    private static void await(CompletableFuture<?> beside) throws IOException {
        try {
            var _ = beside.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof IOException known ? known : new IOException(failure);
        }
    }

    /// Pages of one file.
    ///
    /// @param first page of the file in the directory
    /// @param bytes of the file
    /// @param from number within the file of the first page that is meant
    /// @param to number of the first that is not
    private record Part(int first, long bytes, int from, int to) {}

    private static void unpackPart(Packs packs, Part part, FileChannel out) throws IOException {
        try (Readers readers = new Readers(packs)) {
            unpackPart(packs.directory(), readers, part, out);
        }
    }

    /// What is zeros stays a hole.
    private static void unpackPart(PackDirectory directory, Readers readers, Part part, FileChannel out)
            throws IOException {
        int pageBytes = directory.pageBytes();
        int page = part.first() + part.from();
        int last = part.first() + part.to();
        while (page < last) {
            int end = Math.min(directory.runEnd(page, RUN_BYTES_MAX / pageBytes), last);
            long position = (long) (page - part.first()) * pageBytes;
            long length = Math.min((long) (end - page) * pageBytes, part.bytes() - position);
            long place = directory.pages().place(page);
            if (place != PageTable.ZEROS) {
                ByteBuffer run = ByteBuffer.allocate((int) length);
                readers.of(PageTable.packOf(place)).read(PageTable.offsetOf(place), run);
                writeFully(out, position, run.flip());
            } else if (position + length == part.bytes()) {
                writeFully(out, part.bytes() - 1, ByteBuffer.allocate(1));
            }
            page = end;
        }
    }

    private static void requireHeader(PackSource pack, byte[] salt) throws IOException {
        byte[] header;
        try {
            header = read(pack, 0, HEADER_BYTES);
        } catch (EOFException early) {
            throw new SnapshotDamagedException("a pack ends early", early);
        }
        boolean isKnown = PackForm.of(Arrays.copyOf(header, PackForm.MAGIC_BYTES)).isPresent();
        if (!isKnown || !Arrays.equals(header, PackForm.MAGIC_BYTES, HEADER_BYTES, salt, 0, SALT_BYTES)) {
            throw new SnapshotDamagedException("another pack than the one whose pages are used");
        }
    }

    private static void writeFully(FileChannel out, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += out.write(bytes, at);
        }
    }
}
