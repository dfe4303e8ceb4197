package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;

/// Answers the [PartitionDigest] of a partition's records up to an index.
final class DigestOperation extends PartitionScanOperation {
    private long indexMax;
    private PartitionDigest digest = PartitionDigest.EMPTY;

    /// For the vendor's deserialization.
    DigestOperation() {}

    DigestOperation(String map, long indexMax) {
        super(map);
        this.indexMax = indexMax;
    }

    @Override
    void visit(GridKey key, GridValue value) {
        if (!value.isRemoved() && value.index() <= indexMax) {
            digest = digest.plus(key.bytes(), value.index());
        }
    }

    @Override
    public Object getResponse() {
        return digest;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.DIGEST_OPERATION;
    }

    @Override
    protected void writeInternal(ObjectDataOutput out) throws IOException {
        super.writeInternal(out);
        out.writeLong(indexMax);
    }

    @Override
    protected void readInternal(ObjectDataInput in) throws IOException {
        super.readInternal(in);
        indexMax = in.readLong();
    }
}
