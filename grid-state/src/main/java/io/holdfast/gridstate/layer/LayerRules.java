package io.holdfast.gridstate.layer;

import static io.holdfast.gridstate.layer.LayerCatalogs.HOLDERS;
import static io.holdfast.gridstate.layer.LayerCatalogs.LAYERS;
import static io.holdfast.gridstate.layer.LayerState.TRANSITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.hostio.id.LayerDigest;
import java.util.List;
import java.util.Optional;

/// The rules of the layer registry. Who refers to a layer stands in an index, key `digest | 0 | referrer`.
/// Immutable; confined to the apply thread by what it is given.
public final class LayerRules {
    /// How long a layer stands unreferenced before it may go: longer than a push takes from finding a layer
    /// there to referring to it.
    public static final long GRACE_MILLIS = 15 * 60_000L;

    private static final Keyspace REFERRERS = new Keyspace("layer-referrers");
    private static final byte[] NO_BYTES = {};

    public static List<Keyspace> indexes() {
        return List.of(REFERRERS);
    }

    public GridReply register(
            RuleScope scope, LayerDigest digest, LayerDraft draft, Optional<String> referrer) {
        if (draft.blob().filter(blob -> isAnother(blob.digest(), digest)).isPresent()) {
            return Refusals.invalid("the blob is not the layer: " + digest + " blob=" + draft.blob().get());
        }
        Optional<Versioned<LayerDigest, LayerEntry>> found = scope.findVersioned(LAYERS, digest);
        if (found.isPresent()) {
            LayerEntry entry = found.get().value();
            if (entry.sizeBytes() != draft.sizeBytes()) {
                return GridReply.refuse(
                        RefusalCode.EXISTS,
                        "the layer exists with another size: " + digest + " sizeBytes=" + entry.sizeBytes(),
                        "one of the two is not what its digest says");
            }
            return referrer.isPresent()
                    ? addReference(scope, digest, referrer.get())
                    : new Accepted(found.get().version());
        }
        LayerState state = new LayerState.Unreferenced(scope.timeMillis());
        scope.put(
                LAYERS,
                digest,
                new LayerEntry(
                        draft.sizeBytes(), draft.mediaType(), draft.content(), 0, state, draft.blob()));
        return referrer.isPresent()
                ? addReference(scope, digest, referrer.get())
                : new Accepted(scope.version());
    }

    /// Digests of different kinds cannot be compared.
    private static boolean isAnother(LayerDigest one, LayerDigest other) {
        return one.value().length() == other.value().length() && !one.equals(other);
    }

    public GridReply addReference(RuleScope scope, LayerDigest digest, String referrer) {
        Optional<Versioned<LayerDigest, LayerEntry>> found = scope.findVersioned(LAYERS, digest);
        if (found.isEmpty()) {
            return Refusals.notFound("layer", digest);
        }
        byte[] key = referrerKey(digest, referrer);
        if (scope.hasIndex(REFERRERS, key)) {
            return new Accepted(found.get().version());
        }
        LayerEntry entry = found.get().value();
        LayerState next =
                switch (entry.state()) {
                    case LayerState.Referenced(int count) -> new LayerState.Referenced(count + 1);
                    case LayerState.Unreferenced state ->
                        TRANSITIONS.step(state, new LayerState.Referenced(1));
                    case LayerState.Reclaimable state ->
                        TRANSITIONS.step(state, new LayerState.Referenced(1));
                };
        scope.putIndex(REFERRERS, key, NO_BYTES);
        scope.put(LAYERS, digest, entry.withState(next));
        return new Accepted(scope.version());
    }

    public GridReply removeReference(RuleScope scope, LayerDigest digest, String referrer) {
        Optional<Versioned<LayerDigest, LayerEntry>> found = scope.findVersioned(LAYERS, digest);
        if (found.isEmpty()) {
            return Refusals.notFound("layer", digest);
        }
        byte[] key = referrerKey(digest, referrer);
        if (!scope.hasIndex(REFERRERS, key)) {
            return new Accepted(found.get().version());
        }
        LayerEntry entry = found.get().value();
        if (!(entry.state() instanceof LayerState.Referenced(int count))) {
            throw new IllegalStateException("a referrer without a count: layer=" + digest);
        }
        LayerState next = count > 1
                ? new LayerState.Referenced(count - 1)
                : TRANSITIONS.step(entry.state(), new LayerState.Unreferenced(scope.timeMillis()));
        scope.deleteIndex(REFERRERS, key);
        scope.put(LAYERS, digest, entry.withState(next));
        return new Accepted(scope.version());
    }

    public GridReply markReclaimable(RuleScope scope, LayerDigest digest) {
        Optional<Versioned<LayerDigest, LayerEntry>> found = scope.findVersioned(LAYERS, digest);
        if (found.isEmpty()) {
            return Refusals.notFound("layer", digest);
        }
        LayerEntry entry = found.get().value();
        return switch (entry.state()) {
            case LayerState.Referenced(int count) ->
                GridReply.refuse(
                        RefusalCode.IN_USE, "the layer is referred to: " + digest + " count=" + count);
            case LayerState.Reclaimable _ -> new Accepted(found.get().version());
            case LayerState.Unreferenced(long since) -> {
                long waitedMillis = scope.timeMillis() - since;
                if (waitedMillis < GRACE_MILLIS) {
                    yield Refusals.wrongState(
                            "layer", digest, entry.state().label(),
                            "try again later: remainingMillis=" + (GRACE_MILLIS - waitedMillis));
                }
                LayerState next = TRANSITIONS.step(entry.state(), new LayerState.Reclaimable(since));
                scope.put(LAYERS, digest, entry.withState(next));
                yield new Accepted(scope.version());
            }
        };
    }

    public GridReply delete(RuleScope scope, LayerDigest digest) {
        Optional<LayerEntry> found = scope.find(LAYERS, digest);
        if (found.isEmpty()) {
            return Refusals.notFound("layer", digest);
        }
        LayerEntry entry = found.get();
        if (!(entry.state() instanceof LayerState.Reclaimable)) {
            return Refusals.wrongState(
                    "layer", digest, entry.state().label(), "only a reclaimable layer can be deleted");
        }
        if (entry.holderCount() > 0) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "nodes hold blocks of the layer: " + digest + " holders=" + entry.holderCount(),
                    "let them drop these and say so");
        }
        scope.remove(LAYERS, digest);
        return new Accepted(scope.version());
    }

    public GridReply recordBlocks(RuleScope scope, HolderKey key, List<BlockRange> ranges) {
        Optional<LayerEntry> layer = scope.find(LAYERS, key.layer());
        if (layer.isEmpty()) {
            return Refusals.notFound("layer", key.layer());
        }
        LayerEntry entry = layer.get();
        for (BlockRange range : ranges) {
            if (range.end() > entry.blockCount()) {
                return Refusals.invalid(
                        "the layer has no such blocks: end=" + range.end() + " blocks=" + entry.blockCount());
            }
        }
        Optional<HolderEntry> holder = scope.find(HOLDERS, key);
        if (holder.isEmpty()) {
            scope.put(LAYERS, key.layer(), entry.withHolderCount(entry.holderCount() + 1));
        }
        List<BlockRange> before = holder.map(HolderEntry::ranges).orElse(List.of());
        scope.put(HOLDERS, key, new HolderEntry(BlockRanges.union(before, ranges, HolderEntry.RANGES_MAX)));
        return new Accepted(scope.version());
    }

    public GridReply forgetBlocks(RuleScope scope, HolderKey key) {
        if (scope.find(HOLDERS, key).isEmpty()) {
            return Refusals.notFound("holder", key);
        }
        scope.find(LAYERS, key.layer())
                .ifPresent(entry ->
                        scope.put(LAYERS, key.layer(), entry.withHolderCount(entry.holderCount() - 1)));
        scope.remove(HOLDERS, key);
        return new Accepted(scope.version());
    }

    private static byte[] referrerKey(LayerDigest digest, String referrer) {
        return (digest.value() + "\0" + referrer).getBytes(UTF_8);
    }
}
