package io.holdfast.consensus.ratis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// What Ratis is told. Every setting that differs from its default says why.
final class RatisSettings {
    /// An entry, with the overhead of 16,384 small commands, fits.
    private static final SizeInBytes ENTRY_BUFFER = SizeInBytes.valueOf("4MB");

    /// Ratis asks for a few bytes more than an entry takes.
    private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf(ENTRY_BUFFER.getSize() + 1_024);

    static {
        // Unless a reporter is registered, Ratis makes a managed bean of each of its metrics, which costs
        // time at the start and memory ever after.
        MetricRegistries.global()
                .addReporterRegistration(RatisSettings::unreported, RatisSettings::unreported);
    }

    private RatisSettings() {}

    static RaftProperties properties(LedgerConfig config) {
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
        network(properties, config);
        elections(properties, config);
        log(properties, SizeInBytes.valueOf(config.retention().segmentBytes()));
        snapshots(properties, config.retention());
        reads(properties, config);
        return properties;
    }

    /// Peers speak mutual TLS; there is no plain port.
    static Parameters parameters(LedgerConfig.Tls tls, SnapshotGate gate) {
        Parameters parameters = new Parameters();
        HandshakeWatch watch = new HandshakeWatch(gate, tls.onUnproven());
        GrpcTlsConfig mutual = new GrpcTlsConfig(
                tls.keys(), new Tls13Trust(tls.trust(), watch::refused), true);
        GrpcConfigKeys.TLS.setConf(parameters, mutual);
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, watch);
        return parameters;
    }

    /// Tells Ratis where groups are, both of which would otherwise be below /tmp.
    static void setDirectories(RaftProperties properties, Path groups, Path removed) {
        RaftServerConfigKeys.setStorageDir(properties, List.of(groups.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(properties, removed.toFile());
    }

    private static void network(RaftProperties properties, LedgerConfig config) {
        GrpcConfigKeys.Server.setHost(properties, config.host());
        GrpcConfigKeys.Server.setPort(properties, config.port());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("16MB"));
        // 64 chunks of 256 KiB may be on their way: 16 MiB of memory. If the peer is dead and more would
        // follow, Ratis notices after 64 times this timeout only, and blocks the peer's return for so long.
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("256KB"));
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(properties, 64);
        GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(
                properties, TimeDuration.valueOf(125, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_BUFFER);
        // Commands share entries, so an entry need not wait for company.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        // A peer that comes back shall not wait for seconds until the leader tries again.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,5, 20ms,10, 100ms,2000000000");
    }

    private static void elections(RaftProperties properties, LedgerConfig config) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(config.timeouts().electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(config.timeouts().electionMax()));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, time(config.timeouts().request()));
        // Who has just started cannot disturb a leader, but may be needed to elect one.
        long electionMinMillis = config.timeouts().electionMin().toMillis();
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(electionMinMillis / 2));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(electionMinMillis));
        // A process that was paused for long shall go on, not shut down: others have elected meanwhile.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
        // To who has not answered for so long the leader no longer sends without a pause.
        RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, time(config.timeouts().electionMax()));
        RaftServerConfigKeys.setStagingTimeout(properties, time(config.timeouts().request()));
        // A group begins with one voter and grows to three or five; new voters catch up before they count.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
        // Sessions do this for good; Ratis's memory of requests is only filled.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties properties, SizeInBytes segment) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, segment);
        // A sync of a file that does not grow costs a quarter.
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, segment);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 8);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
        RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf("32MB"));
        // Otherwise an entry of Ratis's own follows every commit; the next leader finds the index out anyway.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // Never drop entries that may be committed in order to start.
        RaftServerConfigKeys.Log.setCorruptionPolicy(
                properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    }

    private static void snapshots(RaftProperties properties, LedgerConfig.Retention retention) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, retention.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        // The state is on the disk anyway; stopping shall be quick.
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        // A peer that was away for longer gets a snapshot instead.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    }

    private static void reads(RaftProperties properties, LedgerConfig config) {
        Read.setOption(properties, Read.Option.LINEARIZABLE);
        Read.setLeaderLeaseEnabled(properties, true);
        Read.setTimeout(properties, time(config.timeouts().request()));
        // An answer is given once its command is applied at the leader: reads need not wait for more.
        Read.ReadIndex.setType(properties, Read.ReadIndex.Type.APPLIED_INDEX);
    }

    private static TimeDuration time(Duration duration) {
        return millis(duration.toMillis());
    }

    private static TimeDuration millis(long count) {
        return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
    }

    private static void unreported(RatisMetricRegistry registry) {
        // Our own metrics tell of the ledger.
    }
}
