package io.holdfast.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.bootstrap.StartLog;
import io.holdfast.node.bootstrap.StartRecord;
import io.holdfast.node.bootstrap.StartWitness;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tells the other nodes of this node's start, and hears from them whether its data directory went back in
/// time: before it takes part in anything, from those that answer then; afterwards from the others as they
/// come. Remembers the starts of others, too. Concurrent.
///
/// Who answers nothing holds nothing up: when all nodes start at the same time, nobody can be asked before
/// somebody takes part. What is found out later stops the node.
final class StartCheck implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String REMEDY =
            "; it has forgotten what this node has promised since: evict the node,"
            + " keep the directory aside and join anew with an empty one";

    private final Ask ask;
    private final Path dataDirectory;
    private final StartLog log;
    private final StartWitness witness;
    private final StartRecord now;
    private final List<StartRecord> own;
    private final Set<String> known;
    private final Map<String, CompletableFuture<byte[]>> asked = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /// Asks another node.
    @FunctionalInterface
    interface Ask {
        CompletableFuture<byte[]> call(PeerId peer, PeerCall call, byte[] argument, Duration patience);
    }

    private StartCheck(Ask ask, Path dataDirectory, StartLog log, Set<String> known) throws IOException {
        this.ask = ask;
        this.dataDirectory = dataDirectory;
        this.log = log;
        this.witness = StartWitness.open(dataDirectory);
        this.own = log.own();
        this.now = log.begin();
        this.known = Set.copyOf(known);
    }

    /// Writes down that the node starts, and asks those that it knows. Nobody is waited for before
    /// [#confirm()].
    static StartCheck begin(String self, Path dataDirectory, RandomGenerator random, Ask ask)
            throws IOException {
        Set<String> others = new HashSet<>();
        KnownPeers.read(dataDirectory).ifPresent(known ->
                known.nodes().forEach(node -> others.add(node.name())));
        others.remove(self);
        StartLog log = StartLog.open(dataDirectory, random);
        StartCheck check = new StartCheck(ask, dataDirectory, log, others);
        others.forEach(other -> check.asked.computeIfAbsent(other, check::tell));
        return check;
    }

    /// Waits for those that answer now. Until it returns the node must take part in nothing.
    ///
    /// @throws IOException if one of them remembers a later start than the directory does
    void confirm() throws IOException {
        var _ = CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]))
                .exceptionally(_ -> null)
                .join();
        Optional<String> older = step(known);
        if (older.isPresent()) {
            throw new IOException(older.get() + ": data.dir=" + dataDirectory);
        }
        log.confirm(now);
    }

    /// Tells those that were not told yet, and looks at what came back; blocks for nothing.
    ///
    /// @return why this node must not go on, if it must not
    Optional<String> step(Set<String> others) {
        Optional<String> older = Optional.empty();
        for (String other : others) {
            if (told.contains(other)) {
                continue;
            }
            CompletableFuture<byte[]> answer = asked.computeIfAbsent(other, this::tell);
            if (answer.isDone()) {
                asked.remove(other);
                Optional<String> objection = objection(other, answer);
                older = older.isPresent() ? older : objection;
            }
        }
        return older;
    }

    private CompletableFuture<byte[]> tell(String other) {
        byte[] argument = Stream.concat(Stream.of(now), own.stream())
                .map(StartRecord::text)
                .collect(Collectors.joining("\n"))
                .getBytes(UTF_8);
        return ask.call(new PeerId(other), PeerCall.STARTED, argument, PATIENCE);
    }

    private Optional<String> objection(String other, CompletableFuture<byte[]> answer) {
        try {
            String later = new String(answer.join(), UTF_8);
            told.add(other);
            return later.isEmpty() ? Optional.empty()
                    : Optional.of("the data directory is older than what " + other
                            + " remembers of this node:"
                            + " starts=" + own.getFirst().number() + " remembered=" + StartRecord.parse(later)
                                    .number()
                            + REMEDY);
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof PeerRefusedException) {
                told.add(other); // It is of a version that remembers nothing.
            }
            return Optional.empty();
        }
    }

    /// What another node hears that starts: nothing, or the later start that is remembered of it.
    byte[] answer(PeerId from, byte[] argument) {
        try {
            List<StartRecord> starts =
                    new String(argument, UTF_8).lines().map(StartRecord::parse).toList();
            if (starts.size() < 2) {
                throw new IllegalArgumentException("two lines at least are expected");
            }
            return witness.witness(from.value(), starts.getFirst(), starts.subList(1, starts.size()))
                    .map(StartRecord::text)
                    .orElse("")
                    .getBytes(UTF_8);
        } catch (IllegalArgumentException e) {
            throw new PeerRefusedException("not a start: " + e.getMessage());
        } catch (IOException e) {
            throw new UnavailableException("a start cannot be remembered: node=" + from, e);
        }
    }

    /// Nobody is told any more; the questions under way end by themselves.
    @Override
    public void close() {
        asked.clear();
    }
}
