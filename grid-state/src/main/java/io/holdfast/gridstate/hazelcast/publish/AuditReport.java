package io.holdfast.gridstate.hazelcast.publish;

/// What a comparison of the grid with the ledger's store found.
///
/// @param compared records of the store that were looked at
/// @param missing records that the grid does not have
/// @param stale records of which the grid has an older version
/// @param surplus records that the grid has and the ledger removed
/// @param differingPartitions parts of catalogs whose fingerprints differed at first sight
/// @param repaired entries sent to make them equal
public record AuditReport(
        long compared, long missing, long stale, long surplus, int differingPartitions, long repaired) {
    static final AuditReport NONE = new AuditReport(0, 0, 0, 0, 0, 0);

    public boolean isClean() {
        return missing == 0 && stale == 0 && surplus == 0;
    }

    AuditReport plus(AuditReport other) {
        return new AuditReport(
                compared + other.compared,
                missing + other.missing,
                stale + other.stale,
                surplus + other.surplus,
                differingPartitions + other.differingPartitions,
                repaired + other.repaired);
    }
}
