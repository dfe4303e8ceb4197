package io.holdfast.consensus.ratis;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import io.holdfast.consensus.store.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.FileUtils;
import org.jspecify.annotations.Nullable;

/// The Raft snapshots of a group: one directory per snapshot, a checkpoint of the state store.
///
///     sm/snapshots/<term>_<index>/       a complete checkpoint
///     sm/snapshots/<term>_<index>.new/   one that is being made, or a leftover
///
/// Ratis copies the directory to a lagging peer file by file and swaps the whole of `sm` there. Making and
/// deleting are confined to the apply thread; looking is concurrent.
final class CheckpointStorage implements StateMachineStorage {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})_([0-9]{1,18})");
    private static final String UNFINISHED = ".new";

    private volatile @Nullable Path snapshots;
    private volatile @Nullable SnapshotInfo latest;

    @Override
    public void init(RaftStorage storage) throws IOException {
        Path directory = storage.getStorageDir().getStateMachineDir().toPath().resolve("snapshots");
        snapshots = directory;
        reload();
    }

    /// Looks at the disk again, after Ratis put a snapshot there, and removes leftovers.
    void reload() throws IOException {
        Files.createDirectories(directory());
        try (Stream<Path> children = Files.list(directory())) {
            for (Path leftover : children.filter(path -> path.toString().endsWith(UNFINISHED)).toList()) {
                FileUtils.deleteFully(leftover);
            }
        }
        List<Path> complete = complete();
        latest = complete.isEmpty() ? null : describe(complete.getLast());
    }

    private Path directory() {
        Path directory = snapshots;
        if (directory == null) {
            throw new IllegalStateException("the storage is used before it is initialized");
        }
        return directory;
    }

    /// The entry of the newest snapshot.
    Optional<Position> latestPosition() {
        return Optional.ofNullable(latest)
                .map(SnapshotInfo::getTermIndex)
                .map(at -> new Position(new LogIndex(at.getIndex()), new Term(at.getTerm())));
    }

    /// The directory of the newest snapshot.
    Optional<Path> latestDirectory() {
        return latestPosition().map(this::path);
    }

    private Path path(Position position) {
        return directory().resolve(position.term() + "_" + position.index());
    }

    /// Makes a snapshot of what the store has applied, unless there is one already.
    Position make(RocksStateStore store) throws IOException {
        Position position = store.applied();
        if (latestPosition().filter(position::equals).isEmpty()) {
            Path target = path(position);
            Path unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
            FileUtils.deleteFully(unfinished);
            store.checkpoint(unfinished);
            FileUtils.move(unfinished, target);
            latest = describe(target);
        }
        return position;
    }

    private static SnapshotInfo describe(Path snapshot) throws IOException {
        TermIndex at = termIndex(snapshot);
        try (Stream<Path> children = Files.list(snapshot)) {
            List<FileInfo> files = children
                    .filter(file -> !file.toString().endsWith(".md5"))
                    .sorted()
                    .map(file -> new FileInfo(file.toAbsolutePath(), null))
                    .toList();
            return new FileListSnapshotInfo(files, at);
        }
    }

    private static TermIndex termIndex(Path snapshot) {
        Matcher matcher = NAME.matcher(String.valueOf(snapshot.getFileName()));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a snapshot: directory=" + snapshot);
        }
        return TermIndex.valueOf(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    private List<Path> complete() throws IOException {
        try (Stream<Path> children = Files.list(directory())) {
            return children
                    .filter(path -> NAME.matcher(String.valueOf(path.getFileName())).matches())
                    .sorted(Comparator.comparing(CheckpointStorage::termIndex))
                    .toList();
        }
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latest;
    }

    @Override
    public void format() {
        // Nothing beside the directories that Ratis makes itself.
    }

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
        List<Path> complete = complete();
        int excess = complete.size() - Math.max(1, policy.getNumSnapshotsRetained());
        for (Path old : complete.subList(0, Math.max(0, excess))) {
            FileUtils.deleteFully(old);
        }
    }
}
