package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.query.extractor.ValueCollector;
import com.hazelcast.query.extractor.ValueExtractor;

/// Takes an attribute out of a value for predicates and indexes; the argument is `catalog/attribute`.
/// Immutable. Made by the vendor, by name.
public final class AttributeExtractor implements ValueExtractor<GridValue, String> {
    /// The name under which maps register it; an attribute is then `record[catalog/attribute]`.
    static final String NAME = "record";

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // The vendor's collector is raw.
    public void extract(GridValue target, String argument, ValueCollector collector) {
        Comparable<?> value = target.attribute(argument);
        if (value != null) {
            collector.addObject(value);
        }
    }
}
