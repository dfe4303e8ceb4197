package io.holdfast.hostio.holder;

/// Who holds a fragment: a disk of a host.
///
/// @param host the number of the host in the cluster, from 1
/// @param disk the disk's number on it, from 0
public record HolderId(int host, int disk) implements Comparable<HolderId> {
    private static final int DISK_MAX = 65_535;

    public HolderId {
        if (host < 1 || disk < 0 || disk > DISK_MAX) {
            throw new IllegalArgumentException("host=" + host + " disk=" + disk);
        }
    }

    @Override
    public int compareTo(HolderId other) {
        int byHost = Integer.compare(host, other.host);
        return byHost != 0 ? byHost : Integer.compare(disk, other.disk);
    }

    @Override
    public String toString() {
        return host + ":" + disk;
    }
}
