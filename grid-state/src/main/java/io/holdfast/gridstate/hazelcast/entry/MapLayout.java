package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.config.AttributeConfig;
import com.hazelcast.config.CacheDeserializedValues;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.IndexConfig;
import com.hazelcast.config.IndexType;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;

/// Which maps the grid has and how they keep their entries: one per catalog, of its name, and one for the
/// watermark.
public final class MapLayout {
    /// No catalog's name has an underscore.
    static final String WATERMARK_MAP = "grid_watermark";

    /// Copies beside the owner's; all of them have an entry before its publishing is acknowledged.
    static final int BACKUPS = 1;

    /// Entries that a smaller part of a split grid hands over at a time when it merges.
    private static final int MERGE_BATCH_ENTRIES = 500;

    private MapLayout() {}

    /// Adds everything about maps and serialization to a member's configuration.
    public static void configure(Config config, GridSchema schema) {
        EntrySerialization.register(config, schema);
        schema.catalogs().forEach(catalog -> config.addMapConfig(catalogMap(catalog)));
        // After a split the watermark speaks of the part that stays; a publisher that was in the other one
        // goes on from there.
        config.addMapConfig(map(WATERMARK_MAP).setMergePolicyConfig(merge(DiscardMergePolicy.class)));
    }

    private static MapConfig catalogMap(Catalog<?, ?> catalog) {
        MapConfig map = map(catalog.name())
                .setMergePolicyConfig(merge(NewestWins.class))
                .addAttributeConfig(
                        new AttributeConfig(AttributeExtractor.NAME, AttributeExtractor.class.getName()));
        for (Attribute<?> attribute : catalog.attributes()) {
            IndexType type =
                    switch (attribute.kind()) {
                        case TEXT, FLAG -> IndexType.HASH;
                        case NUMBER -> IndexType.SORTED;
                    };
            map.addIndexConfig(new IndexConfig(type, expression(catalog.name(), attribute.name())));
        }
        return map;
    }

    /// What a predicate or an index calls an attribute.
    static String expression(String catalog, String attribute) {
        return AttributeExtractor.NAME + "[" + GridSchema.path(catalog, attribute) + "]";
    }

    private static MapConfig map(String name) {
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setCacheDeserializedValues(CacheDeserializedValues.NEVER)
                .setBackupCount(BACKUPS)
                .setAsyncBackupCount(0)
                // A backup has whatever the watermark covers, so a read of it is as good and saves a trip.
                .setReadBackupData(true)
                .setStatisticsEnabled(false)
                .setPerEntryStatsEnabled(false);
    }

    private static MergePolicyConfig merge(Class<?> policy) {
        return new MergePolicyConfig(policy.getName(), MERGE_BATCH_ENTRIES);
    }
}
