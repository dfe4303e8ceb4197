package io.holdfast.hostio.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Says, in CRIU's images of address spaces, whether the kernel may keep equal pages of the restored
/// processes once (`madvise(MADV_MERGEABLE)`, which CRIU saves per mapping and asks for again).
///
/// So a restored process is marked before its first instruction, by CRIU, from an image in which that stands
/// (CRIU's `images/mm.proto` and `images/vma.proto`):
///
/// ``` mm-PID.img: magic (4 bytes) | magic (4) | length (4, little-endian) | mm_entry mm_entry:   vma_entry
/// = field 14, repeated vma_entry:  status = field 7; madv = field 9, the bit of each advice that is in
/// force ```
///
/// Programs cannot mark their memory themselves: their system call filter refuses it. Else one could find
/// out what is in a circle's memory without being of the circle.
///
/// Rejected: `prctl(PR_SET_MEMORY_MERGE)`. It can only be called by the process itself, so CRIU would need a
/// program before it that does; and it holds for all that is mapped later too, not only for what copies have
/// in common.
public final class MergeMarks {
    private static final String FILES = "mm-*.img";
    private static final int MAGIC_BYTES = 8;
    private static final int IMAGE_BYTES_MAX = 64 << 20;

    private static final int MAPPINGS = 14;
    private static final int STATUS = 7;
    private static final int ADVICE = 9;
    private static final long MERGEABLE = 1L << 12;

    /// Memory of the process's own: a regular mapping, private, anonymous or of a file.
    private static final long REGULAR = 1;

    private static final long PRIVATE = 1L << 6 | 1L << 9;

    /// Besides those: the stack, the heap, and one that was made readable to be saved. Whatever else is said
    /// of a mapping (the kernel's own pages, rings, guards) makes it one that is left alone.
    private static final long PLAIN = REGULAR | PRIVATE | 1L << 1 | 1L << 4 | 1L << 5;

    private MergeMarks() {}

    /// Writes those images that say it, marked, to a new folder.
    ///
    /// @param images a folder of images, which stays as it is
    public static void write(Path images, Path marked) throws IOException {
        Files.createDirectories(marked);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(images, FILES)) {
            for (Path file : files) {
                Files.write(marked.resolve(file.getFileName()), changed(bytesOf(file), true));
            }
        }
    }

    /// Takes the marks out of images that were just made: whoever restores them says anew whether memory may
    /// be shared.
    public static void remove(Path images) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(images, FILES)) {
            for (Path file : files) {
                byte[] image = bytesOf(file);
                byte[] unmarked = changed(image, false);
                if (!Arrays.equals(image, unmarked)) {
                    Files.write(file, unmarked);
                }
            }
        }
    }

    private static byte[] bytesOf(Path file) throws IOException {
        if (Files.size(file) > IMAGE_BYTES_MAX) {
            throw new IOException("an address space with too many mappings: file=" + file);
        }
        return Files.readAllBytes(file);
    }

    /// One image with the marks set or taken out; any bytes give an image or an error.
    static byte[] changed(byte[] image, boolean isMarked) throws IOException {
        int begin = MAGIC_BYTES + Integer.BYTES;
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < begin || bytes.getInt(MAGIC_BYTES) != image.length - begin) {
            throw new IOException("not an image of one address space: bytes=" + image.length);
        }
        byte[] entry = new byte[image.length - begin];
        bytes.get(begin, entry);
        ProtobufMessage space = ProtobufMessage.parse(entry);
        List<ProtobufMessage> mappings = new ArrayList<>();
        for (ProtobufMessage mapping : space.messages(MAPPINGS)) {
            mappings.add(changed(mapping, isMarked));
        }
        byte[] written = space.withMessages(MAPPINGS, mappings).toBytes();
        return ByteBuffer.allocate(begin + written.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(image, 0, MAGIC_BYTES)
                .putInt(written.length)
                .put(written)
                .array();
    }

    private static ProtobufMessage changed(ProtobufMessage mapping, boolean isMarked) {
        long status = mapping.number(STATUS, 0);
        long advice = mapping.number(ADVICE, 0);
        long changed = isMarked ? advice | (isOwn(status) ? MERGEABLE : 0) : advice & ~MERGEABLE;
        return changed == advice ? mapping : mapping.with(ADVICE, changed);
    }

    private static boolean isOwn(long status) {
        return (status & REGULAR) != 0 && (status & PRIVATE) != 0 && (status & ~PLAIN) == 0;
    }
}
