package io.holdfast.gridstate.chunkmap;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.FragmentIndex;

/// How a chunk is coded and spread. Replication is `dataCount` 1.
///
/// @param dataCount k, at least 1
/// @param parityCount m, how many losses it survives
/// @param spread what no two fragments of a chunk may share
public record Profile(int dataCount, int parityCount, Spread spread) {
    /// What no two fragments may share. The order is part of the wire format.
    public enum Spread {
        NODE,
        DISK
    }

    public Profile {
        Check.range("a profile's data count", dataCount, 1, FragmentIndex.COUNT_MAX);
        Check.range("a profile's parity count", parityCount, 0, FragmentIndex.COUNT_MAX - (long) dataCount);
    }

    public int fragmentCount() {
        return dataCount + parityCount;
    }

    /// The text of commands and tables, such as `4+2`.
    @Override
    public String toString() {
        return dataCount + "+" + parityCount;
    }
}
