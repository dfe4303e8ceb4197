package io.holdfast.hostio.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// CRIU's images of which pages of an address space are saved (`images/pagemap.proto`), and among them which
/// may come after the process goes on. Those of a working set are said to be needed before.
///
///     pagemap-PROCESS.img:  magic (4 bytes) | magic (4) | entries
///     entry:                length (4, little-endian) | message, the first of them the head
///     message:              address = field 1; pages = fields 2 and 5; flags = field 4 (2: may come later)
final class PagemapImage {
    static final long PAGE_BYTES = 4_096;

    private static final String FILES = "pagemap-*.img";
    private static final Pattern NAME = Pattern.compile("pagemap-(\\d{1,9})\\.img");
    private static final int MAGIC_BYTES = 8;
    private static final int ENTRY_BYTES_MAX = 1 << 12;
    private static final int IMAGE_BYTES_MAX = 64 << 20;

    private static final int ADDRESS = 1;
    private static final int COUNT = 2;
    private static final int FLAGS = 4;
    private static final int LONG_COUNT = 5;
    private static final long MAY_COME_LATER = 2;

    private PagemapImage() {}

    /// How many processes a folder of images has the memory of.
    static int processCount(Path images) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(images, FILES)) {
            for (Path file : files) {
                count += NAME.matcher(file.getFileName().toString()).matches() ? 1 : 0;
            }
        }
        return count;
    }

    /// The images of those processes that the set knows, by their names.
    ///
    /// @param images a folder of images, which stays as it is
    static Map<String, byte[]> changed(Path images, WorkingSet needed) throws IOException {
        Map<String, byte[]> changed = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(images, FILES)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (!name.matches() || needed.of(Integer.parseInt(name.group(1))).length == 0) {
                    continue;
                }
                if (Files.size(file) > IMAGE_BYTES_MAX) {
                    throw new IOException("an address space in too many pieces: file=" + file);
                }
                long[] pages = needed.of(Integer.parseInt(name.group(1)));
                changed.put(name.group(), changed(Files.readAllBytes(file), pages));
            }
        }
        return changed;
    }

    /// One image in which these pages have to come first; any bytes give an image or an error.
    ///
    /// @param pages in ascending order
    static byte[] changed(byte[] image, long[] pages) throws IOException {
        if (image.length < MAGIC_BYTES) {
            throw new IOException("not an image of pages: bytes=" + image.length);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(image.length * 2);
        out.write(image, 0, MAGIC_BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC_BYTES);
        boolean isHead = true;
        while (bytes.hasRemaining()) {
            byte[] message = next(bytes);
            ProtobufMessage entry = ProtobufMessage.parse(message);
            if (isHead || (entry.number(FLAGS, 0) & MAY_COME_LATER) == 0) {
                put(out, message);
            } else {
                split(entry, pages, out);
            }
            isHead = false;
        }
        return out.toByteArray();
    }

    private static byte[] next(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        if (length < 0 || length > ENTRY_BYTES_MAX || length > bytes.remaining()) {
            throw new IOException(
                    "not an image of pages: position=" + bytes.position() + " length=" + length);
        }
        byte[] message = new byte[length];
        bytes.get(message);
        return message;
    }

    private static void put(ByteArrayOutputStream out, byte[] message) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN).putInt(message.length).array());
        out.writeBytes(message);
    }

    /// One entry as several behind each other, some of them needed first.
    private static void split(ProtobufMessage entry, long[] pages, ByteArrayOutputStream out)
            throws IOException {
        long start = entry.number(ADDRESS, 0);
        long count = entry.number(LONG_COUNT, entry.number(COUNT, 0));
        if (start < 0 || count < 0 || count > (Long.MAX_VALUE - start) / PAGE_BYTES) {
            throw new IOException("an address space without bounds: start=" + start + " pages=" + count);
        }
        long end = start + count * PAGE_BYTES;
        long at = start;
        int index = from(pages, start);
        while (index < pages.length && pages[index] < end) {
            long first = pages[index];
            long last = first;
            while (index + 1 < pages.length && pages[index + 1] < end
                    && pages[index + 1] <= last + PAGE_BYTES) {
                last = pages[++index];
            }
            index++;
            if (first > at) {
                put(out, part(entry, at, first, true));
            }
            put(out, part(entry, first, last + PAGE_BYTES, false));
            at = last + PAGE_BYTES;
        }
        if (at < end || count == 0) {
            put(out, part(entry, at, end, true));
        }
    }

    private static int from(long[] pages, long start) {
        int found = Arrays.binarySearch(pages, start);
        return found >= 0 ? found : -found - 1;
    }

    private static byte[] part(ProtobufMessage entry, long start, long end, boolean mayComeLater) {
        long count = (end - start) / PAGE_BYTES;
        long flags = entry.number(FLAGS, 0);
        ProtobufMessage part = entry.with(ADDRESS, start)
                .with(COUNT, count)
                .with(FLAGS, mayComeLater ? flags : flags & ~MAY_COME_LATER);
        return (entry.number(LONG_COUNT, -1) < 0 ? part : part.with(LONG_COUNT, count)).toBytes();
    }
}
