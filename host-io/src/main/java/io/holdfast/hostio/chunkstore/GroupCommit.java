package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFullException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Several callers' changes made durable by one sync: each is planned in turn against memory (and may be
/// refused alone), then all is written, synced, and only then seen by readers and answered. Confined to the
/// committer thread.
final class GroupCommit {
    private final DiskFragmentStore store;
    private final Map<FragmentId, FragmentWriter> created = new HashMap<>();
    private final Map<Fragment, FragmentWriter> writers = new LinkedHashMap<>();
    private final Map<FragmentId, Fragment> deleted = new LinkedHashMap<>();
    private final Map<Long, Long> tokens = new LinkedHashMap<>();
    private final List<StoreOperation> planned = new ArrayList<>();
    private final List<Fragment> freed = new ArrayList<>();
    private final Set<Integer> touched = new TreeSet<>();

    GroupCommit(DiskFragmentStore store) {
        this.store = store;
    }

    /// Marks the extents of fragments deleted by an earlier commit as free.
    void free(Fragment fragment) {
        freed.add(fragment);
    }

    /// Takes a change or refuses it; returns false, having done nothing, if it must wait for space.
    boolean plan(StoreOperation operation) {
        try {
            store.tokens().admit(operation.stream(), operation.token());
            switch (operation) {
                case StoreOperation.InstallToken _ -> {}
                case StoreOperation.Create create -> planCreate(create);
                case StoreOperation.Append append -> planAppend(append);
                case StoreOperation.Seal seal -> planSeal(seal);
                case StoreOperation.Delete delete -> planDelete(delete);
            }
            tokens.put(operation.stream(), operation.token());
            planned.add(operation);
        } catch (NoFreeExtentException _) {
            return false;
        } catch (ChunkStoreException | DiskFullException refused) {
            store.complete(operation, refused);
        }
        return true;
    }

    private void planCreate(StoreOperation.Create create) {
        Fragment existing = find(create.id());
        if (existing != null) {
            boolean same = existing.profile().equals(create.profile())
                    && existing.state() == FragmentState.OPEN
                    && existing.tail().chain().nextSequence() == 0
                    && !writers.containsKey(existing);
            if (!same) {
                throw new ConflictException("the fragment exists: fragment=" + create.id());
            }
            return;
        }
        int extent = store.segments().allocate();
        Fragment fragment =
                new Fragment(create.id(), create.profile(), store.newNonce(), create.token());
        FragmentWriter writer = new FragmentWriter(store.segments(), fragment);
        writer.begin(extent);
        created.put(create.id(), writer);
        writers.put(fragment, writer);
    }

    private void planAppend(StoreOperation.Append append) {
        Fragment fragment = require(append.id());
        FragmentWriter writer = openWriter(fragment);
        List<Strip> missing = new ArrayList<>(append.strips().size());
        for (Strip strip : append.strips()) {
            if (!fragment.profile().equals(strip.header().profile())) {
                throw new ConflictException("another profile: fragment=" + append.id() + " profile="
                        + fragment.profile() + " strip=" + strip.header().profile());
            }
            if (!isThere(fragment, writer, strip.header())) {
                missing.add(strip);
            }
        }
        if (!missing.isEmpty()) {
            writer.add(missing);
        }
        writers.put(fragment, writer);
    }

    /// Whether the same strip is there already; another one in its row is a conflict.
    private boolean isThere(Fragment fragment, FragmentWriter writer, StripHeader strip) {
        Strip taken = writer.taken(strip.row());
        StripHeader there = taken != null
                ? taken.header()
                : store.reader().header(fragment, strip.row()).orElse(null);
        if (there == null) {
            return false;
        }
        if (there.payloadChecksum() != strip.payloadChecksum()
                || there.payloadBytes() != strip.payloadBytes()
                || there.kind() != strip.kind()
                || !there.body().equals(strip.body())) {
            throw new ConflictException(
                    "the row has another strip: fragment=" + fragment.id() + " row=" + strip.row());
        }
        return true;
    }

    private void planSeal(StoreOperation.Seal seal) {
        Fragment fragment = require(seal.id());
        if (fragment.state() == FragmentState.SEALED && fragment.rowLimit() == seal.rowLimit()) {
            return;
        }
        FragmentWriter writer = openWriter(fragment);
        FragmentStatus status = fragment.status();
        int strips = status.strips();
        long bytes = status.payloadBytes();
        for (int row : store.reader().rows(fragment, seal.rowLimit(), Integer.MAX_VALUE)) {
            strips--;
            bytes -= store.reader().header(fragment, row).map(StripHeader::payloadBytes).orElse(0);
        }
        for (Strip strip : writer.strips()) {
            if (strip.header().row() < seal.rowLimit()) {
                strips++;
                bytes += strip.header().payloadBytes();
            }
        }
        writer.end(seal.rowLimit(), strips, bytes);
        writers.put(fragment, writer);
    }

    private void planDelete(StoreOperation.Delete delete) {
        Fragment fragment = find(delete.id());
        if (fragment != null) {
            deleted.put(delete.id(), fragment);
        }
    }

    private @Nullable Fragment find(FragmentId id) {
        FragmentWriter writer = created.get(id);
        Fragment fragment = writer != null ? writer.fragment() : store.fragment(id);
        return fragment != null && deleted.get(id) == fragment ? null : fragment;
    }

    private Fragment require(FragmentId id) {
        Fragment fragment = find(id);
        if (fragment == null) {
            throw new FragmentNotFoundException("no such fragment: fragment=" + id);
        }
        return fragment;
    }

    private FragmentWriter openWriter(Fragment fragment) {
        FragmentWriter known = writers.get(fragment);
        if (fragment.state() != FragmentState.OPEN || (known != null && known.hasFooter())) {
            throw new ConflictException("the fragment takes no more: fragment=" + fragment.id() + " state="
                    + fragment.state());
        }
        return known != null ? known : new FragmentWriter(store.segments(), fragment);
    }

    boolean isEmpty() {
        return planned.isEmpty() && freed.isEmpty();
    }

    /// Writes and syncs.
    void write(ByteBuffer staging) {
        boolean tokensChanged = store.recordTokens(tokens);
        for (FragmentWriter writer : writers.values()) {
            writer.write(staging, touched);
        }
        for (Fragment fragment : deleted.values()) {
            FragmentWriter writer = created.get(fragment.id());
            int first = writer != null && writer.fragment() == fragment
                    ? writer.firstExtent()
                    : fragment.extents()[0];
            writeState(fragment, 0, first, ExtentHeader.State.DELETED, staging);
        }
        for (Fragment fragment : freed) {
            int[] extents = fragment.extents();
            for (int ordinal = 1; ordinal < extents.length; ordinal++) {
                writeState(fragment, ordinal, extents[ordinal], ExtentHeader.State.FREE, staging);
            }
        }
        if (tokensChanged) {
            store.syncTokens();
        }
        store.segments().sync(touched);
    }

    private void writeState(
            Fragment fragment, int ordinal, int extent, ExtentHeader.State state, ByteBuffer staging) {
        FragmentWriter.clear(staging);
        fragment.extentHeader(ordinal, extent, fragment.tail()).in(state).encode(staging);
        store.segments().write(extent, 0, staging.limit(Layout.BLOCK_BYTES));
        touched.add(store.segments().geometry().segmentNumber(extent));
    }

    /// After the sync: changes what readers see, and answers.
    void publish() {
        for (FragmentWriter writer : writers.values()) {
            writer.publish();
            store.indexGrew(writer.fragment());
        }
        created.forEach((id, writer) -> store.add(id, writer.fragment()));
        deleted.values().forEach(store::remove);
        for (Fragment fragment : freed) {
            for (int extent : fragment.extents()) {
                store.segments().release(extent);
            }
        }
        planned.forEach(operation -> store.complete(operation, null));
    }

    void fail(DiskException failure) {
        planned.forEach(operation -> store.complete(
                operation, new StoreUnavailableException("the disk failed: disk=" + store.name(), failure)));
    }
}
