package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.impl.operation.MultipleEntryOperation;
import java.util.Set;

/// Runs an [ApplyNewer] on one partition and answers once its backup has it too.
///
/// The vendor's own `submitToKeys` answers before: its operation counts every backup as an asynchronous one,
/// and a member lost just then would take entries with it that the watermark already covers.
final class ApplyNewerOperation extends MultipleEntryOperation {
    /// For the vendor's deserialization.
    ApplyNewerOperation() {}

    ApplyNewerOperation(String map, Set<Data> keys, ApplyNewer entries) {
        super(map, keys, entries);
    }

    @Override
    public int getSyncBackupCount() {
        return mapContainer.getBackupCount();
    }

    @Override
    public int getAsyncBackupCount() {
        return mapContainer.getAsyncBackupCount();
    }

    @Override
    public int getFactoryId() {
        return EntrySerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return EntrySerialization.APPLY_NEWER_OPERATION;
    }
}
