package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.BlockContent;
import io.holdfast.chaos.checker.BlockEvent;
import io.holdfast.chaos.checker.BlockJudge;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.NbdConnection;
import io.holdfast.chaos.pace.Pause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One writer of a volume, on blocks that are its own: writes them in ever newer versions, reads them, stays
/// with a node while it answers and goes to another when it does not. Connections that it has given up stay
/// open, so that a late answer is heard.
///
/// One thread runs it; what it learned is guarded by a lock, because late answers come on other threads. Its
/// connections are ended by any.
final class VolumeWriter {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);
    private static final Pattern TOKEN = Pattern.compile("\\btoken=(\\d+)");
    private static final int BATCH_BLOCK_COUNT_MAX = 8;
    private static final int RUN_BLOCK_COUNT_MAX = 16;
    private static final int KEPT_CONNECTION_COUNT_MAX = 64;
    private static final int SILENT_AGAIN_ONE_IN = 32;
    private static final Duration AHEAD_PAUSE = Duration.ofMillis(2);
    private static final long MADE_UP_NANOS_MAX = 5_000_000_000L;

    private final Range range;
    private final Load load;
    private final String volume;
    private final Map<String, Path> sockets;
    private final RandomGenerator random;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final BlockJudge judge;
    private final Set<Long> doubtful = new LinkedHashSet<>();
    private final Deque<NbdConnection> given = new ConcurrentLinkedDeque<>();
    private String silent = "";
    private long nextVersion = 1;
    private long paidUntilNanos = Long.MIN_VALUE;
    private long paidCount;
    private long safeCount;
    private long unansweredCount;
    private long readCount;
    private volatile Progress progress = new Progress("", Long.MIN_VALUE);
    private volatile boolean isStopped;

    /// The blocks of one writer.
    record Range(long writer, long firstBlock, int blockCount) {}

    /// How much a writer does.
    ///
    /// @param readBatchBlockCount blocks that are read at once
    /// @param readsInTen how many of ten steps read; the others write
    /// @param blocksPerSecondMax reads and writes together; what it missed while nobody served is made up
    /// for, but for a few seconds only; 0 for as many as it can
    record Load(int readBatchBlockCount, int readsInTen, int blocksPerSecondMax) {}

    /// What came of it so far.
    ///
    /// @param safe writes that were said to be safe
    /// @param unanswered writes without an answer
    /// @param read blocks that were read and judged
    record Counts(long safe, long unanswered, long read) {}

    /// The node that said last that something is safe which was sent at this time.
    record Progress(String node, long sentNanos) {}

    private record Session(BlockEvent.Server server, NbdConnection connection) {}

    VolumeWriter(Range range, Load load, String volume, Map<String, Path> sockets, RandomGenerator random,
            LongSupplier nanoClock) {
        this.range = range;
        this.load = load;
        this.judge = new BlockJudge(range.writer());
        this.volume = volume;
        this.sockets = new LinkedHashMap<>(sockets);
        this.random = random;
        this.nanoClock = nanoClock;
    }

    /// Works until it is stopped, and then reads every block once.
    void run() throws InterruptedException {
        paidUntilNanos = nanoClock.getAsLong();
        while (!isStopped) {
            withSession(session -> {
                while (!isStopped) {
                    step(session);
                    while (isAhead() && !isStopped) {
                        Pause.REAL.of(AHEAD_PAUSE);
                    }
                }
            });
        }
    }

    /// Whether it has done what it may by now.
    private boolean isAhead() {
        if (load.blocksPerSecondMax() == 0) {
            return false;
        }
        Counts counts = counts();
        long count = counts.safe() + counts.read();
        long now = nanoClock.getAsLong();
        paidUntilNanos = Math.max(paidUntilNanos, now - MADE_UP_NANOS_MAX)
                + (count - paidCount) * 1_000_000_000L / load.blocksPerSecondMax();
        paidCount = count;
        return paidUntilNanos > now;
    }

    void stop() {
        isStopped = true;
    }

    /// Reads every block, at whichever node serves.
    ///
    /// @return whether all could be read
    boolean readAll() throws InterruptedException {
        return withSession(session -> {
            for (int block = 0; block < range.blockCount(); block++) {
                read(session, range.firstBlock() + block);
            }
        });
    }

    /// What is done while a node serves.
    @FunctionalInterface
    private interface Work {
        void with(Session session)
                throws IOException, InterruptedException, ExecutionException, TimeoutException;
    }

    private boolean withSession(Work work) throws InterruptedException {
        String node = chooseNode();
        try {
            NbdConnection connection = NbdConnection.open(nodeSocket(node), volume, CONNECT_LIMIT);
            given.add(connection);
            Session session = new Session(
                    new BlockEvent.Server(node, tokenIn(connection.description())), connection);
            for (long block : List.copyOf(doubtful)) {
                read(session, block);
            }
            work.with(session);
            return true;
        } catch (IOException | ExecutionException | TimeoutException e) {
            // The node is dead, cut off, refuses or is too slow: so the next one is asked.
            if (e instanceof TimeoutException || e.getCause() instanceof TimeoutException) {
                silent = node;
            } else if (!node.equals(silent)) {
                silent = ""; // It answers that it does not serve: the silent one may by now.
            }
            Pause.REAL.of(RETRY_PAUSE);
            return false;
        } finally {
            if (given.size() > KEPT_CONNECTION_COUNT_MAX) {
                given.removeFirst().close();
            }
        }
    }

    /// Any, but the one that was silent last only rarely: it is to be tried while it is cut off, and the
    /// others are not to wait for that.
    private String chooseNode() {
        List<String> nodes = new ArrayList<>(sockets.keySet());
        if (random.nextInt(SILENT_AGAIN_ONE_IN) != 0) {
            nodes.remove(silent);
        }
        return nodes.get(random.nextInt(nodes.size()));
    }

    private Path nodeSocket(String node) {
        return Objects.requireNonNull(sockets.get(node), node);
    }

    /// Under which the node serves, as it tells to everybody who connects.
    private static long tokenIn(String description) {
        Matcher token = TOKEN.matcher(description);
        if (!token.find()) {
            throw new IllegalStateException("no token in the description: " + description);
        }
        return Long.parseLong(token.group(1));
    }

    private void step(Session session)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        if (random.nextInt(10) < load.readsInTen()) {
            readBatch(session);
        } else if (random.nextInt(3) == 0) {
            writeDurably(session, anyBlock());
        } else {
            writeBatch(session);
        }
    }

    private long anyBlock() {
        return range.firstBlock() + random.nextInt(range.blockCount());
    }

    private void read(Session session, long block)
            throws InterruptedException, ExecutionException, TimeoutException {
        take(session, block, answer(sendRead(session, block, 1)));
    }

    /// Several runs of neighbours at once; nothing is written meanwhile.
    private void readBatch(Session session)
            throws InterruptedException, ExecutionException, TimeoutException {
        int runBlockCount = Math.min(RUN_BLOCK_COUNT_MAX, load.readBatchBlockCount());
        Map<Long, CompletableFuture<byte[]>> answers = new LinkedHashMap<>();
        for (int i = 0; i < load.readBatchBlockCount(); i += runBlockCount) {
            long run = range.firstBlock() + random.nextInt(range.blockCount() - runBlockCount + 1);
            answers.computeIfAbsent(run, first -> sendRead(session, first, runBlockCount));
        }
        for (Map.Entry<Long, CompletableFuture<byte[]>> one : answers.entrySet()) {
            byte[] bytes = answer(one.getValue());
            for (int i = 0; i < runBlockCount; i++) {
                int at = i * BlockContent.BLOCK_BYTES;
                take(session, one.getKey() + i,
                        Arrays.copyOfRange(bytes, at, at + BlockContent.BLOCK_BYTES));
            }
        }
    }

    private static CompletableFuture<byte[]> sendRead(Session session, long first, int count) {
        return session.connection().read(first * BlockContent.BLOCK_BYTES, count * BlockContent.BLOCK_BYTES);
    }

    private void take(Session session, long block, byte[] bytes) {
        note(new BlockEvent.Read(block, BlockContent.decode(bytes), session.server()));
        doubtful.remove(block);
    }

    /// One block, safe as soon as it is answered.
    private void writeDurably(Session session, long block)
            throws InterruptedException, ExecutionException, TimeoutException {
        long version = nextVersion++;
        long sent = nanoClock.getAsLong();
        CompletableFuture<byte[]> written = session.connection().write(
                block * BlockContent.BLOCK_BYTES, stamp(block, version), true);
        try {
            answer(written);
            note(new BlockEvent.Written(block, version, session.server()));
            progress = new Progress(session.server().node(), sent);
        } catch (ExecutionException | TimeoutException e) {
            doubt(session, Map.of(block, version));
            CompletableFuture<Void> _ = written.thenRun(
                    () -> note(new BlockEvent.AnsweredLate(block, version, session.server())));
            throw e;
        }
    }

    /// Several blocks at once, safe when the flush after them is answered.
    private void writeBatch(Session session)
            throws InterruptedException, ExecutionException, TimeoutException {
        long sent = nanoClock.getAsLong();
        Map<Long, Long> versions = new LinkedHashMap<>();
        List<CompletableFuture<byte[]>> writes = new ArrayList<>();
        for (int i = random.nextInt(BATCH_BLOCK_COUNT_MAX); i >= 0; i--) {
            long block = anyBlock();
            if (versions.putIfAbsent(block, nextVersion) == null) {
                writes.add(session.connection().write(
                        block * BlockContent.BLOCK_BYTES, stamp(block, nextVersion++), false));
            }
        }
        try {
            for (CompletableFuture<byte[]> write : writes) {
                answer(write);
            }
            answer(session.connection().flush());
            versions.forEach((block, version) ->
                    note(new BlockEvent.Written(block, version, session.server())));
            progress = new Progress(session.server().node(), sent);
        } catch (ExecutionException | TimeoutException e) {
            doubt(session, versions);
            throw e;
        }
    }

    private void doubt(Session session, Map<Long, Long> versions) {
        versions.forEach((block, version) -> {
            note(new BlockEvent.Unanswered(block, version, session.server()));
            doubtful.add(block);
        });
    }

    private byte[] stamp(long block, long version) {
        return new BlockContent.Stamp(block, version, range.writer()).encode();
    }

    private static byte[] answer(CompletableFuture<byte[]> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void note(BlockEvent event) {
        lock.lock();
        try {
            judge.take(event);
            switch (event) {
                case BlockEvent.Written _ -> safeCount++;
                case BlockEvent.Unanswered _ -> unansweredCount++;
                case BlockEvent.Read _ -> readCount++;
                case BlockEvent.AnsweredLate _ -> {}
            }
        } finally {
            lock.unlock();
        }
    }

    /// What was found wrong so far.
    Verdict verdict() {
        lock.lock();
        try {
            return judge.verdict();
        } finally {
            lock.unlock();
        }
    }

    Counts counts() {
        lock.lock();
        try {
            return new Counts(safeCount, unansweredCount, readCount);
        } finally {
            lock.unlock();
        }
    }

    long writer() {
        return range.writer();
    }

    Progress progress() {
        return progress;
    }

    /// Ends all connections, also those given up.
    void close() {
        isStopped = true;
        given.forEach(NbdConnection::close);
    }
}
