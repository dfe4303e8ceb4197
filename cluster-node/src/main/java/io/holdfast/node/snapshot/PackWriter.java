package io.holdfast.node.snapshot;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.container.CheckpointImage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Writes the pack of a new snapshot: once all pages are read and named, then those are sealed that are
/// neither zeros, nor twice there, nor in a pack of the snapshot that this one is compared with. Confined.
final class PackWriter {
    /// Of a pack that is shared at least this part is of use, or its pages are stored once more: else one
    /// useful page would keep a whole pack when the snapshot it was stored for is gone.
    private static final int USEFUL_PART_MIN = 3;

    private static final int BUFFER_BYTES = 1 << 18;

    /// A page that is in no pack yet.
    private static final long UNPLACED = -2;

    private final TenantKeys keys;
    private final SnapshotKey key;
    private final CheckpointImage image;
    private final List<PackDirectory.Entry> files;
    private final int pageBytes;
    private final Optional<Comparison> comparison;
    private final PageTable pages;

    /// A snapshot whose pages need not be stored again.
    ///
    /// @param stored what the catalog says of it
    record Comparison(StoredImage stored, PackDirectory directory) {}

    /// What was written.
    ///
    /// @param contentBytes of all files in the clear
    /// @param sharedBytes those of them that lie in packs of others
    /// @param shared these packs
    record Written(long contentBytes, long sharedBytes, List<StoredBlob> shared) {
        Written {
            shared = List.copyOf(shared);
        }
    }

    /// @param comparison of the same tenant
    PackWriter(TenantKeys keys, SnapshotKey key, CheckpointImage image, Optional<Comparison> comparison)
            throws IOException {
        this.keys = keys;
        this.key = key;
        this.image = image;
        this.files = image.files().stream()
                .map(file -> new PackDirectory.Entry(file.path(), file.bytes()))
                .toList();
        if (files.size() > PackDirectory.FILES_MAX) {
            throw new IOException("a checkpoint has too many files: count=" + files.size());
        }
        this.pageBytes = PackDirectory.pageBytesFor(files);
        this.comparison = comparison.filter(with -> with.directory().pageBytes() == pageBytes);
        this.pages = new PageTable((int) PackDirectory.pageCount(files, pageBytes));
    }

    /// Writes a pack that does not exist yet; what it shares it shares in the order of the answer.
    Written write(Path target, SecureRandom random) throws IOException {
        byte[] salt = new byte[SnapshotPack.SALT_BYTES];
        random.nextBytes(salt);
        long[] useful = namePages();
        List<Integer> kept = worthSharing(useful);
        PackDirectory.Pack own;
        try (OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW), BUFFER_BYTES)) {
            out.write(PackForm.COMPRESSED.magic());
            out.write(salt);
            own = sealPages(out, salt, kept);
        }
        PackDirectory directory = directory(own, kept);
        try (DataOutputStream sealing = new DataOutputStream(
                SealedStream.seal(appending(target), keys, key, random))) {
            directory.writeTo(sealing);
        }
        try (OutputStream out = appending(target)) {
            long start = SnapshotPack.HEADER_BYTES + own.frames().sealedBytes();
            out.write(ByteBuffer.allocate(Long.BYTES).putLong(start).array());
        }
        List<StoredBlob> shared = kept.stream()
                .map(pack -> comparison.orElseThrow().stored().packs().get(pack))
                .toList();
        long sharedBytes = kept.stream().mapToLong(pack -> useful[pack]).sum();
        return new Written(directory.contentBytes(), sharedBytes, shared);
    }

    private static OutputStream appending(Path target) throws IOException {
        return Files.newOutputStream(target, StandardOpenOption.APPEND);
    }

    /// Reads every page once. Answers how much of the files each pack of the other snapshot has.
    private long[] namePages() throws IOException {
        PageNames names = new PageNames(keys.pageNameKey(key.application().tenant()), pageBytes);
        Optional<PageIndex> known = comparison.map(with -> PageIndex.over(with.directory().pages()));
        long[] useful = new long[PackDirectory.PACKS_MAX];
        byte[] page = new byte[pageBytes];
        for (PackDirectory.Entry file : files) {
            try (InputStream in =
                    new BufferedInputStream(Files.newInputStream(placeOf(file)), BUFFER_BYTES)) {
                for (long at = 0; at < file.bytes(); at += pageBytes) {
                    int length = (int) Math.min(pageBytes, file.bytes() - at);
                    if (in.readNBytes(page, 0, length) != length) {
                        throw changed(file);
                    }
                    addPage(names, known, page, length, useful);
                }
                if (in.read() >= 0) {
                    throw changed(file);
                }
            }
        }
        return useful;
    }

    private void addPage(
            PageNames names, Optional<PageIndex> known, byte[] page, int length, long[] useful) {
        if (names.isZeros(page, length)) {
            pages.add(0, 0, PageTable.ZEROS);
            return;
        }
        ByteBuffer name = names.nameOf(page, length);
        long high = name.getLong();
        long low = name.getLong();
        long place = UNPLACED;
        if (known.isPresent()) {
            int same = known.get().find(high, low);
            if (same != PageIndex.NONE) {
                place = comparison.orElseThrow().directory().pages().place(same);
                useful[PageTable.packOf(place)] += length;
            }
        }
        pages.add(high, low, place);
    }

    /// The packs to share, the most useful first.
    private List<Integer> worthSharing(long[] useful) {
        List<Integer> kept = new ArrayList<>();
        if (comparison.isPresent()) {
            List<PackDirectory.Pack> packs = comparison.get().directory().packs();
            for (int i = 0; i < packs.size(); i++) {
                if (useful[i] > 0 && useful[i] >= packs.get(i).plainBytes() / USEFUL_PART_MIN) {
                    kept.add(i);
                }
            }
        }
        kept.sort(Comparator.comparingLong((Integer pack) -> useful[pack]).reversed());
        return List.copyOf(kept.subList(0, Math.min(kept.size(), StoredImage.SHARED_MAX)));
    }

    /// Gives every page its place, and seals those that are not stored yet. Answers the pack that these make.
    private PackDirectory.Pack sealPages(OutputStream out, byte[] salt, List<Integer> kept)
            throws IOException {
        try (SealedFrames.Writer frames =
                new SealedFrames.Writer(out, keys.packKey(key.application().tenant(), salt))) {
            sealPages(frames, kept);
            FrameTable table = frames.finish();
            return new PackDirectory.Pack(HexFormat.of().formatHex(salt), frames.position(), table);
        }
    }

    private void sealPages(SealedFrames.Writer frames, List<Integer> kept) throws IOException {
        PageIndex own = new PageIndex(pages, pages.count());
        ByteBuffer buffer = ByteBuffer.allocate(pageBytes);
        int page = 0;
        for (PackDirectory.Entry file : files) {
            try (FileChannel in = FileChannel.open(placeOf(file), StandardOpenOption.READ)) {
                PackSource source = PackSource.in(in);
                for (long at = 0; at < file.bytes(); at += pageBytes) {
                    if (!isStored(page, kept, own)) {
                        pages.moveTo(page, PageTable.placeOf(0, frames.position()));
                        own.add(page);
                        buffer.clear().limit((int) Math.min(pageBytes, file.bytes() - at));
                        source.read(at, buffer);
                        frames.append(buffer.array(), buffer.limit());
                    }
                    page++;
                }
            }
        }
    }

    private boolean isStored(int page, List<Integer> kept, PageIndex own) {
        long place = pages.place(page);
        if (place == PageTable.ZEROS) {
            return true;
        }
        int shared = place == UNPLACED ? -1 : kept.indexOf(PageTable.packOf(place));
        if (shared >= 0) {
            pages.moveTo(page, PageTable.placeOf(shared + 1, PageTable.offsetOf(place)));
            return true;
        }
        int same = own.find(pages.high(page), pages.low(page));
        if (same != PageIndex.NONE) {
            pages.moveTo(page, pages.place(same));
            return true;
        }
        return false;
    }

    private PackDirectory directory(PackDirectory.Pack own, List<Integer> kept) {
        List<PackDirectory.Pack> packs = new ArrayList<>();
        packs.add(own);
        kept.forEach(pack -> packs.add(comparison.orElseThrow().directory().packs().get(pack)));
        return new PackDirectory(pageBytes, packs, files, pages);
    }

    private Path placeOf(PackDirectory.Entry file) {
        return image.folder().resolve(file.path());
    }

    private static IOException changed(PackDirectory.Entry file) {
        return new IOException("a file changed while it was stored: path=" + file.path());
    }
}
