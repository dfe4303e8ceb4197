package io.holdfast.node.http.port;

import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangePosition;

/// The changes that this node has applied, in order, for watches. Concurrent.
public interface ChangeSource {
    /// What follows the position, at most `limit` changes; an empty batch means nothing follows
    /// yet.
    ChangeBatch read(ChangePosition after, int limit);

    /// The index up to which this node has applied; cheap, asked several times a second while
    /// somebody watches.
    long appliedIndex();

    /// Decodes the records of changes.
    RecordCodec codec();
}
