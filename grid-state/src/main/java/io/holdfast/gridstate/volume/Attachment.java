package io.holdfast.gridstate.volume;

import io.holdfast.gridstate.catalog.Check;

/// Where a volume is to be a device of a host.
///
/// @param node whose host
/// @param sinceMillis when it was attached
public record Attachment(String node, long sinceMillis) {
    public Attachment {
        Check.name("a node's name", node);
        Check.notNegative("a time", sinceMillis);
    }
}
