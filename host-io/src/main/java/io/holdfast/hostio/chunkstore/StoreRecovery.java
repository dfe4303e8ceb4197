package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.disk.DiskFileNotFoundException;
import io.holdfast.hostio.disk.DiskReadOnlyException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/// Opens what is on a disk after whatever happened to it: finds the fragments by their extents' headers,
/// walks the unsealed ones to their ends, frees what was never acknowledged, and makes durable what it found
/// before anyone relies on it. Used once, by one thread.
final class StoreRecovery {
    private static final String UNFINISHED_SUPERBLOCK = StoreHeader.FILE + ".unfinished";

    private final Disk disk;
    private final StoreOptions options;
    private final List<CorruptDataException> damages = new ArrayList<>();
    private final List<Place> torn = new ArrayList<>();
    private final Map<Long, List<ExtentHeader>> found = new TreeMap<>();
    private final Set<Long> deleted = new HashSet<>();
    private final Set<Long> damagedNonces = new HashSet<>();
    private final List<Integer> free = new ArrayList<>();
    /// Never used, and perhaps never written.
    private final List<Integer> blank = new ArrayList<>();
    private final List<ExtentHeader> leftOver = new ArrayList<>();
    private final Map<FragmentId, Fragment> fragments = new TreeMap<>();
    private final Map<Long, Long> tokens = new HashMap<>();

    StoreRecovery(Disk disk, StoreOptions options) {
        this.disk = disk;
        this.options = options;
    }

    /// What was found.
    ///
    /// @param tokenFile open for appending; nothing if the disk takes no writes
    record Report(
            Segments segments,
            List<Fragment> fragments,
            Map<Long, Long> tokens,
            Optional<TokenFile> tokenFile,
            List<CorruptDataException> damages,
            List<Place> torn) {}

    Report run() {
        StoreHeader header = readOrFormat();
        Segments segments = new Segments(disk, header, options.openFilesMax());
        try {
            TokenFile.Content content = TokenFile.read(disk, header.instanceHigh());
            content.damage().ifPresent(damages::add);
            content.tokens().forEach(this::sawToken);
            SortedSet<Integer> numbers = segments.discover();
            numbers.forEach(number -> readSegment(segments, header, number));
            found.values().forEach(headers -> assemble(segments, headers));
            Optional<TokenFile> tokenFile = makeDurable(segments, header, numbers);
            return new Report(
                    segments, List.copyOf(fragments.values()), tokens, tokenFile, damages, torn);
        } catch (ChunkStoreException | DiskException failure) {
            segments.close();
            throw failure;
        }
    }

    private StoreHeader readOrFormat() {
        ByteBuffer block = Layout.block();
        Place place = new Place(disk.name(), StoreHeader.FILE, 0);
        try (DiskFile file = disk.open(StoreHeader.FILE)) {
            file.read(0, block);
            return StoreHeader.decode(block.flip(), place);
        } catch (DiskFileNotFoundException _) {
            if (disk.list().stream().anyMatch(file -> SegmentHeader.number(file).isPresent())) {
                throw new CorruptDataException(place, "the superblock of a store with segments", "none");
            }
            return format(block);
        }
    }

    /// The superblock comes last: with it, everything else is there.
    private StoreHeader format(ByteBuffer block) {
        StoreHeader header = new StoreHeader(
                options.random().nextLong(), options.random().nextLong(), options.geometry());
        TokenFile.rewrite(disk, header.instanceHigh(), Map.of()).close();
        if (disk.list().contains(UNFINISHED_SUPERBLOCK)) {
            disk.delete(UNFINISHED_SUPERBLOCK);
        }
        header.encode(block.clear());
        try (DiskFile file = disk.create(UNFINISHED_SUPERBLOCK, Layout.BLOCK_BYTES)) {
            file.write(0, block.clear());
            file.sync();
        }
        disk.rename(UNFINISHED_SUPERBLOCK, StoreHeader.FILE);
        disk.syncDirectory();
        return header;
    }

    private void sawToken(long stream, long token) {
        tokens.merge(stream, token, Math::max);
    }

    private void readSegment(Segments segments, StoreHeader header, int number) {
        Place place = new Place(disk.name(), SegmentHeader.file(number), 0);
        try {
            SegmentHeader expected =
                    new SegmentHeader(header.instanceHigh(), header.instanceLow(), number);
            SegmentHeader actual = segments.header(number);
            if (!actual.equals(expected)) {
                throw new CorruptDataException(place, expected.toString(), actual.toString());
            }
        } catch (CorruptDataException bad) {
            damages.add(bad); // Its extents speak for themselves.
        } catch (DiskException unreadable) {
            damages.add(new CorruptDataException(place, "a segment header", unreadable.toString()));
        }
        int perSegment = segments.geometry().extentsPerSegment();
        for (int extent = number * perSegment; extent < (number + 1) * perSegment; extent++) {
            readExtent(segments, extent);
        }
    }

    private void readExtent(Segments segments, int extent) {
        ByteBuffer bytes = ByteBuffer.allocate(ExtentHeader.BYTES + Integer.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        Place place = segments.place(extent, 0);
        try {
            segments.read(extent, 0, bytes);
            if (Layout.isBlank(bytes.flip())) {
                blank.add(extent);
                return;
            }
            ExtentHeader header = ExtentHeader.decode(bytes, extent, place);
            switch (header.state()) {
                case FREE -> free.add(extent);
                case DELETED -> {
                    deleted.add(header.nonce());
                    free.add(extent);
                }
                case USED -> found.computeIfAbsent(header.nonce(), _ -> new ArrayList<>()).add(header);
            }
        } catch (CorruptDataException bad) {
            damages.add(bad); // Neither used nor free: what it holds may be needed for repair.
            blameOwner(segments, extent);
        } catch (DiskException unreadable) {
            damages.add(new CorruptDataException(place, "an extent header", unreadable.toString()));
        }
    }

    /// An extent with a bad header is missing in its fragment; its first batch still tells which.
    private void blameOwner(Segments segments, int extent) {
        ByteBuffer block = Layout.block();
        try {
            segments.read(extent, Layout.BLOCK_BYTES, block);
            if (BatchHeader.isAt(block.flip())) {
                BatchHeader batch =
                        BatchHeader.decode(block, segments.place(extent, Layout.BLOCK_BYTES));
                damagedNonces.add(batch.nonce());
            }
        } catch (CorruptDataException | DiskException unknown) {
            damages.add(new CorruptDataException(
                    segments.place(extent, Layout.BLOCK_BYTES), "a batch header", unknown.toString()));
        }
    }

    private void assemble(Segments segments, List<ExtentHeader> headers) {
        ExtentHeader first = headers.getFirst();
        if (deleted.contains(first.nonce())) {
            leftOver.addAll(headers);
            return;
        }
        headers.sort(Comparator.comparingInt(ExtentHeader::ordinal));
        int prefix = 0;
        while (prefix < headers.size() && headers.get(prefix).ordinal() == prefix) {
            prefix++;
        }
        if (prefix == 0) {
            headers.forEach(header -> beyond(segments, header, 0, first.fragment()));
            return;
        }
        List<ExtentHeader> contiguous = headers.subList(0, prefix);
        Fragment fragment = walk(segments, contiguous);
        long durable = fragment.tail().chain().nextSequence();
        boolean damaged = damagedNonces.contains(first.nonce());
        for (ExtentHeader header : headers.subList(prefix, headers.size())) {
            damaged |= beyond(segments, header, durable, fragment.id());
        }
        if (damaged && fragment.state() != FragmentState.DAMAGED) {
            fragment.become(FragmentState.DAMAGED);
        }
        if (fragments.putIfAbsent(fragment.id(), fragment) != null) {
            damages.add(new CorruptDataException(
                    segments.place(first.extent(), 0), "one fragment " + fragment.id(), "two"));
        }
    }

    /// Judges an extent that does not follow from those before: if batches missing before it had been
    /// acknowledged when it was taken, that is damage; else its own were never acknowledged.
    private boolean beyond(Segments segments, ExtentHeader header, long durable, FragmentId id) {
        if (header.durableSequence() <= durable) {
            leftOver.add(header);
            return false;
        }
        damages.add(new CorruptDataException(
                segments.place(header.extent(), 0),
                "batch " + durable + " of fragment " + id + " before this extent",
                "extent " + header.ordinal() + " of it, taken after batch " + header.durableSequence()));
        return true;
    }

    private Fragment walk(Segments segments, List<ExtentHeader> headers) {
        ExtentHeader first = headers.getFirst();
        Fragment fragment =
                new Fragment(first.fragment(), first.profile(), first.nonce(), first.token());
        headers.forEach(header -> fragment.addExtent(header.extent()));
        sawToken(first.fragment().stream(), first.token());
        int[] extents = fragment.extents();
        FragmentScan end = new FragmentScan(
                segments, first.fragment(), extents, headers, (_, _, _, _) -> {});
        end.run(extents.length - 1);
        // Only if all before the last extent was acknowledged when the footer was written is there no need
        // to look at it.
        long firstSequence = headers.getLast().firstSequence();
        boolean isSealed = end.footer()
                .filter(footer -> footer.durableSequence() >= firstSequence)
                .isPresent();
        if (isSealed && end.damages().isEmpty() && end.verifyTail()) {
            fragment.setIndex(null);
            fragment.advance(end.tail());
            fragment.seal(end.footer().orElseThrow());
            return fragment;
        }
        walkAll(segments, fragment, headers);
        return fragment;
    }

    private record FoundStrip(StripHeader header, int ordinal, int headerOffset, int payloadOffset) {}

    private void walkAll(Segments segments, Fragment fragment, List<ExtentHeader> headers) {
        int extentBytes = segments.geometry().extentBytes();
        List<FoundStrip> strips = new ArrayList<>();
        FragmentScan scan = new FragmentScan(
                segments,
                fragment.id(),
                fragment.extents(),
                headers,
                (header, ordinal, headerOffset, payloadOffset) ->
                        strips.add(new FoundStrip(header, ordinal, headerOffset, payloadOffset)));
        scan.run(0);
        scan.verifyTail();
        Fragment.Tail tail = scan.tail();
        long end = (long) tail.ordinal() * extentBytes + tail.offset();
        for (FoundStrip strip : strips) {
            long start = (long) strip.ordinal * extentBytes;
            if (start + strip.headerOffset < end) {
                fragment.put(
                        strip.header.row(),
                        (int) ((start + strip.headerOffset) / StripHeader.BYTES),
                        (int) ((start + strip.payloadOffset) / Layout.BLOCK_BYTES));
                fragment.count(strip.header.payloadBytes());
                sawToken(fragment.id().stream(), strip.header.token());
            }
        }
        fragment.advance(tail);
        scan.footer().ifPresent(fragment::seal);
        scan.torn().ifPresent(torn::add);
        damages.addAll(scan.damages());
        if (!scan.damages().isEmpty()) {
            fragment.become(FragmentState.DAMAGED);
        } else {
            leftOver.addAll(headers.subList(tail.ordinal() + 1, headers.size()));
            fragment.truncateExtents(tail.ordinal() + 1);
        }
    }

    /// Frees what is left over and syncs everything: what was read may only have been in a cache.
    private Optional<TokenFile> makeDurable(Segments segments, StoreHeader header, Set<Integer> numbers) {
        try {
            segments.deleteUnfinished();
            ByteBuffer block = Layout.block();
            for (ExtentHeader extent : leftOver) {
                FragmentWriter.clear(block);
                extent.in(ExtentHeader.State.FREE).encode(block);
                segments.write(extent.extent(), 0, block);
            }
            segments.sync(numbers);
            TokenFile tokenFile = TokenFile.rewrite(disk, header.instanceHigh(), tokens);
            free.forEach(segments::release);
            blank.forEach(segments::addReserved);
            leftOver.forEach(extent -> segments.release(extent.extent()));
            return Optional.of(tokenFile);
        } catch (DiskReadOnlyException _) {
            return Optional.empty();
        }
    }
}
