package io.holdfast.hostio.chunkstore;

/// Where on a disk something lies, for errors and reports.
///
/// @param disk the disk's name
/// @param file the file on it
/// @param position the byte in the file
public record Place(String disk, String file, long position) {
    Place plus(long bytes) {
        return new Place(disk, file, position + bytes);
    }

    @Override
    public String toString() {
        return disk + "/" + file + "@" + position;
    }
}
