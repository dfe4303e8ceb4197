package io.holdfast.gridstate.chunkmap;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.hostio.id.ChunkId;
import java.util.List;

/// The catalogs of the chunk map.
public final class ChunkCatalogs {
    public static final Catalog<StreamId, StreamEntry> STREAMS = Catalog.of(
            "streams",
            KeyForm.text(StreamId::parse, StreamId::toString),
            StreamEntry.class,
            List.of(text("name", StreamEntry::name), number("chunks", StreamEntry::chunkCount)));

    public static final Catalog<ChunkId, ChunkEntry> CHUNKS = Catalog.of(
            "chunks",
            KeyForm.CHUNK,
            ChunkEntry.class,
            List.of(
                    text("state", chunk -> chunk.state().label()),
                    number("usefulBytes", ChunkEntry::usefulBytes),
                    number("lengthBytes", ChunkEntry::lengthBytes)));

    private ChunkCatalogs() {}
}
