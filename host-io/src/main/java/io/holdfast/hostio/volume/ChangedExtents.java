package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.log.BlockPlace;
import java.util.ArrayList;
import java.util.List;

/// What may differ between two kept versions of a volume, in order. A block that was written again with the
/// same bytes counts; one that the cleaner moved in between may.
///
/// @param extents whole blocks that differ; holes are what the newer version reads as zeros
/// @param nextOffset where to go on; the newer version's size if nothing is left
public record ChangedExtents(List<Extent> extents, long nextOffset) {
    public ChangedExtents {
        extents = List.copyOf(extents);
    }

    /// @param countMax extents at most, at least 1
    static ChangedExtents between(
            MapVersion older, Family.PinnedVersion newer, long offset, int countMax) {
        Gathering gathering = new Gathering(newer.sizeBytes(), countMax);
        MapVersion.differences(older, newer.version(), offset / Volume.BLOCK_BYTES, gathering);
        return gathering.result();
    }

    /// Joins neighbouring blocks of one kind.
    private static final class Gathering implements MapVersion.DifferenceVisitor {
        private final long sizeBytes;
        private final int countMax;
        private final List<Extent> extents = new ArrayList<>();
        private long begin;
        private long end;
        private Extent.Kind kind = Extent.Kind.HOLE;
        private boolean isCut;

        Gathering(long sizeBytes, int countMax) {
            this.sizeBytes = sizeBytes;
            this.countMax = countMax;
        }

        @Override
        public boolean visit(long block, long place) {
            long at = block * Volume.BLOCK_BYTES;
            Extent.Kind next = place == BlockPlace.NONE ? Extent.Kind.HOLE : Extent.Kind.DATA;
            if (at >= sizeBytes) {
                return false;
            }
            if (at != end || next != kind) {
                close();
                if (extents.size() == countMax) {
                    isCut = true;
                    return false;
                }
                begin = at;
                kind = next;
            }
            end = at + Volume.BLOCK_BYTES;
            return true;
        }

        private void close() {
            if (end > begin) {
                extents.add(new Extent(begin, end - begin, kind));
                begin = end;
            }
        }

        ChangedExtents result() {
            if (isCut) {
                return new ChangedExtents(extents, end);
            }
            close();
            return new ChangedExtents(extents, sizeBytes);
        }
    }
}
