package io.holdfast.node.http.port;

import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.volume.VolumeEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How what is stored is, for people: what the ledger's indexes say and what nodes answer when they are
/// asked. Reads only, and opens no volume. Concurrent; blocks for at most the patience.
public interface StorageView {
    /// The disks of every node, and what is at risk.
    Survey survey();

    /// What is known about these volumes beyond their records, by name. Each node is asked once, however many
    /// they are.
    Map<String, VolumeFigures> figures(Map<String, VolumeEntry> volumes, Duration patience);

    /// A family's volumes with their snapshots, and where its chunks lie.
    Family family(StreamId family);

    /// What a node finds about its host.
    ///
    /// @throws io.holdfast.consensus.UnavailableException if the node is not reached
    List<HostFinding> examine(String node, Duration patience);

    /// Everything at one look.
    ///
    /// @param nodes that take part
    /// @param atRisk chunks that survive fewer losses than they should
    /// @param space what complete chunks take, as it was a moment ago
    /// @param isSpaceComplete whether all of them were looked at
    record Survey(List<NodeStorage> nodes, AtRisk atRisk, Space space, boolean isSpaceComplete) {
        public Survey {
            nodes = List.copyOf(nodes);
        }
    }

    /// What a node carries.
    ///
    /// @param disks none if it does not answer
    /// @param volumes that it serves now, the first thousand
    record NodeStorage(String node, List<Disk> disks, List<String> volumes) {
        public NodeStorage {
            disks = List.copyOf(disks);
            volumes = List.copyOf(volumes);
        }
    }

    /// A disk of a node.
    ///
    /// @param state `serving`, `full`, `read-only`, `failed`, `closed` or `absent`
    /// @param reason why it is in that state
    /// @param damages what was found damaged when it was opened
    record Disk(
            int disk,
            String folder,
            String state,
            String reason,
            int fragments,
            long usedBytes,
            long freeBytes,
            int damages) {}

    /// What survives fewer losses than it should.
    ///
    /// @param chunks how many
    /// @param isComplete whether all were counted
    /// @param streams whose they are
    record AtRisk(long chunks, boolean isComplete, List<StreamAtRisk> streams) {
        public AtRisk {
            streams = List.copyOf(streams);
        }
    }

    /// A stream of which some chunks are at risk.
    ///
    /// @param stream its id
    /// @param name its name
    /// @param chunks how many of its chunks
    /// @param volumes that are kept in it
    record StreamAtRisk(String stream, String name, long chunks, List<String> volumes) {
        public StreamAtRisk {
            volumes = List.copyOf(volumes);
        }
    }

    /// What is known about a volume beyond its record.
    ///
    /// @param servedBy the node that holds its family's lease
    /// @param chunks of its family
    /// @param chunksAtRisk of its family
    /// @param complete what its family's complete chunks take; absent where looking at them all would take
    /// too long
    /// @param served what the serving node counts
    record VolumeFigures(
            Optional<String> servedBy,
            long chunks,
            long chunksAtRisk,
            Optional<Space> complete,
            Optional<ServedVolume> served) {}

    /// What some chunks take.
    ///
    /// @param usefulBytes that something still refers to
    /// @param lengthBytes of data
    /// @param storedBytes about what that takes on disks, parity included
    record Space(long usefulBytes, long lengthBytes, long storedBytes) {}

    /// What the serving node counts since it opened the volume.
    ///
    /// @param volume its name
    /// @param clients over the network block device
    /// @param usefulBytes of its family: what something still refers to
    /// @param storedBytes of its family: what it takes on disks
    /// @param formerProfileBytes of its family: what is still to be moved to the profile set since
    record ServedVolume(
            String volume,
            int clients,
            long reads,
            long readBytes,
            long writes,
            long writtenBytes,
            long usefulBytes,
            long storedBytes,
            long formerProfileBytes,
            Latency readLatency,
            Latency writeLatency,
            Latency flushLatency) {
        /// A node of an older version tells no latencies.
        public ServedVolume {
            readLatency = readLatency == null ? Latency.NONE : readLatency;
            writeLatency = writeLatency == null ? Latency.NONE : writeLatency;
            flushLatency = flushLatency == null ? Latency.NONE : flushLatency;
        }
    }

    /// How long something took, since it is counted.
    ///
    /// @param p50Micros half of them at most so long, and so on
    /// @param byDoubledMicros counts by duration: less than 1, 2, 4 ... microseconds; the last of all longer
    record Latency(
            long count,
            long p50Micros,
            long p99Micros,
            long p999Micros,
            long longestMicros,
            List<Long> byDoubledMicros) {
        public static final Latency NONE = new Latency(0, 0, 0, 0, 0, List.of());

        /// A node of an older version tells no counts.
        public Latency {
            byDoubledMicros = byDoubledMicros == null ? List.of() : List.copyOf(byDoubledMicros);
        }
    }

    /// A family of volumes that share their blocks.
    ///
    /// @param volumes the first one first
    /// @param chunks how many there are in each state, by the state's name
    /// @param places how many fragments each node has, by the state of their chunks
    /// @param complete what its complete chunks take
    /// @param isComplete whether all chunks were looked at
    record Family(
            List<Member> volumes,
            Map<String, Long> chunks,
            List<NodeFragments> places,
            Space complete,
            boolean isComplete) {
        public Family {
            volumes = List.copyOf(volumes);
            chunks = Map.copyOf(chunks);
            places = List.copyOf(places);
        }
    }

    /// A volume of a family.
    ///
    /// @param origin the snapshot that it began as, `volume/snapshot`
    record Member(
            String volume,
            long sizeBytes,
            long createdMillis,
            Optional<String> origin,
            List<MemberSnapshot> snapshots) {
        public Member {
            snapshots = List.copyOf(snapshots);
        }
    }

    /// A snapshot of a volume.
    record MemberSnapshot(
            String name, long version, long sizeBytes, long createdMillis, boolean isProtected) {}

    /// A node's fragments of one family, by the state of their chunks.
    record NodeFragments(String node, Map<String, Long> fragments) {
        public NodeFragments {
            fragments = Map.copyOf(fragments);
        }
    }

    /// What a node finds about its host.
    ///
    /// @param state `ok`, `limited` or `missing`
    record HostFinding(String subject, String state, String found, String neededBy, String remedy) {}
}
