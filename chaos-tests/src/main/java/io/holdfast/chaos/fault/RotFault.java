package io.holdfast.chaos.fault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Blocks on a node's disk are not what was written to them, in what it keeps of volumes. Nobody makes them
/// whole again but the product. Immutable.
///
/// @param count how many, none of them empty
/// @param seed of where
public record RotFault(String node, Damage damage, int count, long seed) implements Fault {
    private static final String FILE_PREFIX = "segment-";
    private static final int BLOCK_BYTES = 4_096;
    private static final int TRY_COUNT_MAX = 20_000;

    /// What became of a block.
    public enum Damage {
        /// One bit of it is another.
        FLIPPED_BIT("with a flipped bit"),
        /// The disk said that it was written, and it was not.
        LOST_WRITE("never written"),
        /// Only its first half was written.
        TORN_WRITE("half written");

        private final String words;

        Damage(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    @Override
    public String describe() {
        return count + " blocks " + damage.words() + " on the disk of " + node;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException {
        Path folder = site.dataFolder(node)
                .orElseThrow(() -> new UnsupportedOperationException("no files that could rot"));
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> file.getFileName().toString().matches(FILE_PREFIX + "\\d+")).sorted()
                    .forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new UnsupportedOperationException("nothing of volumes on " + node);
        }
        SplittableRandom random = new SplittableRandom(seed);
        int damaged = 0;
        for (int i = 0; i < TRY_COUNT_MAX && damaged < count; i++) {
            if (spoil(files.get(random.nextInt(files.size())), random)) {
                damaged++;
            }
        }
        if (damaged == 0) {
            throw new UnsupportedOperationException("only empty blocks on " + node);
        }
        return () -> {};
    }

    /// A random block of the file behind its header, if something stands there.
    private boolean spoil(Path path, SplittableRandom random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long blockCount = file.length() / BLOCK_BYTES;
            if (blockCount < 2) {
                return false;
            }
            long offset = (1 + random.nextLong(blockCount - 1)) * BLOCK_BYTES;
            byte[] block = new byte[BLOCK_BYTES];
            file.seek(offset);
            file.readFully(block);
            int at = random.nextInt(BLOCK_BYTES);
            if (block[at] == 0 || block[BLOCK_BYTES - 1 - at] == 0) {
                return false;
            }
            switch (damage) {
                case FLIPPED_BIT -> block[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case LOST_WRITE -> Arrays.fill(block, (byte) 0);
                case TORN_WRITE -> Arrays.fill(block, BLOCK_BYTES / 2, BLOCK_BYTES, (byte) 0);
            }
            file.seek(offset);
            file.write(block);
            return true;
        }
    }
}
