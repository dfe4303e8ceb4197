package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Of what a snapshot's files consist: which page lies in which pack. Immutable but for its table.
///
///     directory:  page size (4) | count of packs (1) | packs | count of files (4) | files | runs
///     pack:       salt (32) | bytes of its pages in the clear (8) | its [FrameTable]
///     file:       length of its path (2) | path, UTF-8 | length (8)
///     run:        pack (1; 255: zeros) | count of pages (4) | offset (8) | names (16 each)
///
/// The runs cover the pages of all files in order; those of zeros have neither offset nor names.
///
/// @param pageBytes the size of a page; the last of a file may be shorter
/// @param packs its own first
record PackDirectory(int pageBytes, List<Pack> packs, List<Entry> files, PageTable pages) {
    static final int FILES_MAX = 4_096;
    static final int PACKS_MAX = 16;

    private static final int PAGE_BYTES_MIN = 4_096;
    private static final int PAGE_BYTES_MAX = 1 << 24;
    private static final int ZEROS = 255;
    private static final long OFFSET_MAX = 1L << 46;

    /// More than this no pack unpacks to: the largest memory that a checkpoint may have.
    private static final long CONTENT_BYTES_MAX = 256L << 30;

    /// What may follow each other in a run of one page each, all paths, and the frames of all packs.
    static final long BYTES_MAX = 29L * PageTable.PAGES_MAX + 300L * FILES_MAX
            + Short.BYTES * PACKS_MAX * (CONTENT_BYTES_MAX / FrameTable.FRAME_BYTES);

    /// A pack whose pages are used.
    ///
    /// @param salt what its key is derived with, in hexadecimal digits
    /// @param plainBytes what its pages have in the clear
    record Pack(String salt, long plainBytes, FrameTable frames) {}

    /// A file of the image.
    record Entry(String path, long bytes) {}

    PackDirectory {
        packs = List.copyOf(packs);
        files = List.copyOf(files);
    }

    /// The least size of a page with which these files have few enough.
    static int pageBytesFor(List<Entry> files) {
        int pageBytes = PAGE_BYTES_MIN;
        while (pageCount(files, pageBytes) > PageTable.PAGES_MAX) {
            pageBytes *= 2;
        }
        return pageBytes;
    }

    static long pageCount(List<Entry> files, int pageBytes) {
        return files.stream().mapToLong(file -> (file.bytes() + pageBytes - 1) / pageBytes).sum();
    }

    long contentBytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(pageBytes);
        out.writeByte(packs.size());
        for (Pack pack : packs) {
            out.write(HexFormat.of().parseHex(pack.salt()));
            out.writeLong(pack.plainBytes());
            pack.frames().writeTo(out);
        }
        out.writeInt(files.size());
        for (Entry file : files) {
            byte[] path = file.path().getBytes(UTF_8);
            out.writeShort(path.length);
            out.write(path);
            out.writeLong(file.bytes());
        }
        int page = 0;
        while (page < pages.count()) {
            int end = runEnd(page, Integer.MAX_VALUE);
            writeRun(out, page, end);
            page = end;
        }
    }

    /// The page after the last one that lies behind the one before it.
    ///
    /// @param countMax of pages
    int runEnd(int first, int countMax) {
        long place = pages.place(first);
        int end = first + 1;
        while (end < pages.count() && end - first < countMax) {
            long expected = place == PageTable.ZEROS ? place : place + (long) (end - first) * pageBytes;
            if (pages.place(end) != expected) {
                break;
            }
            end++;
        }
        return end;
    }

    private void writeRun(DataOutputStream out, int first, int end) throws IOException {
        long place = pages.place(first);
        if (place == PageTable.ZEROS) {
            out.writeByte(ZEROS);
            out.writeInt(end - first);
            return;
        }
        out.writeByte(PageTable.packOf(place));
        out.writeInt(end - first);
        out.writeLong(PageTable.offsetOf(place));
        for (int page = first; page < end; page++) {
            out.writeLong(pages.high(page));
            out.writeLong(pages.low(page));
        }
    }

    /// Reads what [#writeTo] has written; any bytes give a directory or a [SnapshotDamagedException].
    ///
    /// @param form of the pack that it is in
    static PackDirectory read(InputStream source, PackForm form) throws IOException {
        DataInputStream in = new DataInputStream(source);
        try {
            int pageBytes = in.readInt();
            if (pageBytes < PAGE_BYTES_MIN || pageBytes > PAGE_BYTES_MAX
                    || Integer.bitCount(pageBytes) != 1) {
                throw new SnapshotDamagedException("a page's size: bytes=" + pageBytes);
            }
            List<Pack> packs = readPacks(in, form);
            List<Entry> files = readFiles(in);
            long count = pageCount(files, pageBytes);
            if (count > PageTable.PAGES_MAX) {
                throw new SnapshotDamagedException("a count of pages: count=" + count);
            }
            PageTable pages = new PageTable((int) count);
            while (pages.count() < count) {
                readRun(in, pages, (int) count, packs.size(), pageBytes);
            }
            if (in.read() >= 0) {
                throw new SnapshotDamagedException("bytes follow the last page");
            }
            return new PackDirectory(pageBytes, packs, files, pages);
        } catch (EOFException e) {
            throw new SnapshotDamagedException("a directory ends early", e);
        }
    }

    private static List<Pack> readPacks(DataInputStream in, PackForm form) throws IOException {
        int count = in.readUnsignedByte();
        if (count < 1 || count > PACKS_MAX) {
            throw new SnapshotDamagedException("a count of packs: count=" + count);
        }
        List<Pack> packs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] salt = new byte[SnapshotPack.SALT_BYTES];
            in.readFully(salt);
            long plainBytes = in.readLong();
            if (plainBytes < 0 || plainBytes > CONTENT_BYTES_MAX) {
                throw new SnapshotDamagedException("a pack's size: bytes=" + plainBytes);
            }
            FrameTable frames = form == PackForm.PLAIN
                    ? FrameTable.plain(plainBytes)
                    : FrameTable.read(in, plainBytes);
            packs.add(new Pack(HexFormat.of().formatHex(salt), plainBytes, frames));
        }
        return packs;
    }

    private static List<Entry> readFiles(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > FILES_MAX) {
            throw new SnapshotDamagedException("a count of files: count=" + count);
        }
        List<Entry> files = new ArrayList<>();
        long left = CONTENT_BYTES_MAX;
        for (int i = 0; i < count; i++) {
            String path = new String(in.readNBytes(in.readUnsignedShort()), UTF_8);
            long bytes = in.readLong();
            if (bytes < 0 || bytes > left) {
                throw new SnapshotDamagedException("a file's length: length=" + bytes + " left=" + left);
            }
            if (!isPlain(path)) {
                throw new SnapshotDamagedException("a file's path leads elsewhere: length=" + path.length());
            }
            left -= bytes;
            files.add(new Entry(path, bytes));
        }
        return files;
    }

    private static boolean isPlain(String path) {
        return !path.isEmpty()
                && path.length() <= 255
                && path.indexOf('\0') < 0
                && List.of(path.split("/", -1)).stream()
                        .noneMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."));
    }

    private static void readRun(DataInputStream in, PageTable pages, int countMax, int packs, int pageBytes)
            throws IOException {
        int pack = in.readUnsignedByte();
        int count = in.readInt();
        if (count < 1 || count > countMax - pages.count() || (pack >= packs && pack != ZEROS)) {
            throw new SnapshotDamagedException("a run of pages: pack=" + pack + " count=" + count);
        }
        if (pack == ZEROS) {
            for (int i = 0; i < count; i++) {
                pages.add(0, 0, PageTable.ZEROS);
            }
            return;
        }
        long offset = in.readLong();
        if (offset < 0 || offset > OFFSET_MAX) {
            throw new SnapshotDamagedException("a page's place: offset=" + offset);
        }
        for (int i = 0; i < count; i++) {
            pages.add(in.readLong(), in.readLong(), PageTable.placeOf(pack, offset + (long) i * pageBytes));
        }
    }
}
