package io.holdfast.consensus.ratis;

import io.holdfast.consensus.PeerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// What a [LedgerServer] is started with. Immutable.
///
/// @param self this peer's name
/// @param host the address to listen on
/// @param port the port to listen on, 1 to 65535
/// @param directory where logs and state are kept; made if it is not there
/// @param tls who this peer is and whom it believes; there is no way to run without
/// @param timeouts how long things may take
/// @param batching how proposals are grouped and how many may wait
/// @param retention what is kept and when it is dropped
/// @param clocks makes the clock of each group, which stamps entries at the leader; never read while applying
public record LedgerConfig(
        PeerId self,
        String host,
        int port,
        Path directory,
        Tls tls,
        Timeouts timeouts,
        Batching batching,
        Retention retention,
        Supplier<LedgerClock> clocks) {

    public LedgerConfig {
        requireWithin("port", port, 1, 65_535);
    }

    /// The defaults for everything that has one.
    public static LedgerConfig of(
            PeerId self, String host, int port, Path directory, Tls tls, Supplier<LedgerClock> clocks) {
        Retention retention = Retention.DEFAULT;
        return new LedgerConfig(
                self, host, port, directory, tls, Timeouts.DEFAULT, Batching.DEFAULT, retention, clocks);
    }

    public LedgerConfig withTimeouts(Timeouts newTimeouts) {
        return new LedgerConfig(self, host, port, directory, tls, newTimeouts, batching, retention, clocks);
    }

    public LedgerConfig withBatching(Batching newBatching) {
        return new LedgerConfig(self, host, port, directory, tls, timeouts, newBatching, retention, clocks);
    }

    public LedgerConfig withRetention(Retention newRetention) {
        return new LedgerConfig(self, host, port, directory, tls, timeouts, batching, newRetention, clocks);
    }

    public LedgerConfig withClocks(Supplier<LedgerClock> newClocks) {
        return new LedgerConfig(
                self, host, port, directory, tls, timeouts, batching, retention, newClocks);
    }

    private static void requireWithin(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is " + min + " to " + max + ": value=" + value);
        }
    }

    /// Mutual TLS between peers. The managers may change what they answer while the server runs: each new
    /// connection asks them again. They are of the extended kind because those judge a peer's identity
    /// themselves: a certificate names a node, not an address.
    ///
    /// @param keys this peer's certificate and key
    /// @param trust who is believed
    /// @param onUnproven a connection ended before its certificate was looked at, perhaps for want of one;
    /// called on an I/O thread, must not block
    public record Tls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust, Runnable onUnproven) {
        public Tls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
            this(keys, trust, () -> {});
        }
    }

    /// How long things may take.
    ///
    /// @param electionMin a voter that heard nothing for a random time from here
    /// @param electionMax to here stands for election; smaller values flap under load
    /// @param request bounds a proposal, a read barrier and a wait for an index
    public record Timeouts(Duration electionMin, Duration electionMax, Duration request) {
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofSeconds(10));

        public Timeouts {
            requireWithin("electionMin in ms", electionMin.toMillis(), 50, 60_000);
            requireWithin("electionMax in ms", electionMax.toMillis(), electionMin.toMillis() + 1, 120_000);
            requireWithin("request in ms", request.toMillis(), 100, 600_000);
        }
    }

    /// How proposals are grouped into entries and how many may wait.
    ///
    /// @param entryCommandsMax commands that may share an entry
    /// @param entryBytesMax bytes of commands after which an entry is full; one command may exceed it
    /// @param entriesOutstandingMax entries on their way to a majority, of which all but the first are full
    /// @param queueCommandsMax commands that may wait for their entry
    /// @param queueBytesMax bytes of commands that may wait for their entry
    public record Batching(
            int entryCommandsMax,
            int entryBytesMax,
            int entriesOutstandingMax,
            int queueCommandsMax,
            long queueBytesMax) {
        public static final Batching DEFAULT = new Batching(512, 1 << 20, 4, 16_384, 64L << 20);

        public Batching {
            requireWithin("entryCommandsMax", entryCommandsMax, 1, 16_384);
            requireWithin("entryBytesMax", entryBytesMax, 1, 2 << 20);
            requireWithin("entriesOutstandingMax", entriesOutstandingMax, 1, 1_024);
            requireWithin("queueCommandsMax", queueCommandsMax, 1, 1 << 20);
            requireWithin("queueBytesMax", queueBytesMax, 1, 1L << 30);
        }
    }

    /// What is kept and when it is dropped. All peers of a group should be given the same.
    ///
    /// @param snapshotEntries entries after which a Raft snapshot is taken and the log before it purged
    /// @param snapshotBytes bytes of entries after which the same is done
    /// @param segmentBytes size of the files the log is purged by; a start reads two of them
    /// @param historyEntriesMax entries kept in the hash-chained history
    /// @param historyBytesMax bytes kept in the hash-chained history
    /// @param sessionIdle ledger time after which an unused session is forgotten
    /// @param sessionsMax sessions remembered; the one unused for longest goes first
    public record Retention(
            long snapshotEntries,
            long snapshotBytes,
            int segmentBytes,
            long historyEntriesMax,
            long historyBytesMax,
            Duration sessionIdle,
            int sessionsMax) {
        public static final Retention DEFAULT = new Retention(
                50_000, 128L << 20, 2 << 20, 1_000_000, 512L << 20, Duration.ofHours(1), 10_000);

        public Retention {
            requireWithin("snapshotEntries", snapshotEntries, 1, Long.MAX_VALUE);
            requireWithin("snapshotBytes", snapshotBytes, 1, Long.MAX_VALUE);
            requireWithin("segmentBytes", segmentBytes, 4 << 10, 64 << 20);
            requireWithin("historyEntriesMax", historyEntriesMax, 1, Long.MAX_VALUE);
            requireWithin("historyBytesMax", historyBytesMax, 1, Long.MAX_VALUE);
            requireWithin("sessionIdle in ms", sessionIdle.toMillis(), 1, Long.MAX_VALUE);
            requireWithin("sessionsMax", sessionsMax, 1, 1 << 20);
        }
    }
}
