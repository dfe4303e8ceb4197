package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.map.impl.operation.MapOperation;
import com.hazelcast.spi.impl.operationservice.PartitionAwareOperation;
import com.hazelcast.spi.impl.operationservice.ReadonlyOperation;
import java.util.Objects;

/// Looks at all that one partition of a map holds, on the partition's thread.
abstract class PartitionScanOperation extends MapOperation
        implements PartitionAwareOperation, ReadonlyOperation {
    PartitionScanOperation() {}

    PartitionScanOperation(String map) {
        super(map);
    }

    abstract void visit(GridKey key, GridValue value);

    @Override
    protected final void runInternal() {
        if (recordStore == null) {
            return;
        }
        recordStore.forEach(
                (key, record) -> visit(
                        Objects.requireNonNull(getNodeEngine().<GridKey>toObject(key)),
                        Objects.requireNonNull(getNodeEngine().<GridValue>toObject(record.getValue()))),
                false);
    }

    @Override
    public final int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }
}
