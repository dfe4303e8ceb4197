package io.holdfast.gridstate.hazelcast;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.InterfacesConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MetricsConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// The vendor's configuration, built in code: no file and no environment variable is read, one port is
/// opened, and it speaks the member protocol only.
final class MemberConfig {
    private MemberConfig() {}

    static Config of(GridSettings settings, String instanceName) throws UnknownHostException {
        Config config = new Config(instanceName);
        config.setClusterName(settings.clusterName());
        config.setClassLoader(MemberConfig.class.getClassLoader());
        config.setMetricsConfig(new MetricsConfig().setEnabled(false));
        config.getJetConfig().setEnabled(false).setResourceUploadEnabled(false);
        network(config, settings);
        // Members exchange the vendor's exceptions as Java objects; only its default list is let in.
        config.getSerializationConfig().setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
        quiet(config);
        threads(config);
        timing(config, settings);
        return config;
    }

    private static void network(Config config, GridSettings settings) throws UnknownHostException {
        String address = InetAddress.getByName(settings.host()).getHostAddress();
        // A member endpoint of its own, instead of the vendor's unified port, leaves no decoder for clients,
        // REST or memcache behind the port.
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig()
                .setPort(settings.port())
                .setPortAutoIncrement(false)
                .setReuseAddress(true)
                .setSocketTcpNoDelay(true)
                .setSocketConnectTimeoutSeconds(2)
                .setInterfaces(new InterfacesConfig().setEnabled(true).addInterface(address));
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
        network.setEnabled(true).setMemberEndpointConfig(endpoint);
        network.getEndpointConfigs().keySet().removeIf(other -> !other.equals(EndpointQualifier.MEMBER));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(2).setMembers(settings.members());
        set(config, ClusterProperty.SOCKET_BIND_ANY, false);
        set(config, ClusterProperty.PREFER_IPv4_STACK, false);
        set(config, ClusterProperty.TCP_JOIN_PORT_TRY_COUNT, 1);
        set(config, ClusterProperty.SOCKET_CONNECT_TIMEOUT_SECONDS, 2);
    }

    private static void quiet(Config config) {
        set(config, ClusterProperty.PHONE_HOME_ENABLED, false);
        set(config, ClusterProperty.LOGGING_TYPE, "slf4j");
        set(config, ClusterProperty.LOGGING_ENABLE_DETAILS, false);
        set(config, ClusterProperty.LOG_EMOJI_ENABLED, false);
        set(config, ClusterProperty.SECURITY_RECOMMENDATIONS, false);
        set(config, ClusterProperty.HEALTH_MONITORING_LEVEL, "OFF");
        set(config, ClusterProperty.SLOW_OPERATION_DETECTOR_ENABLED, false);
        set(config, ClusterProperty.ENABLE_JMX, false);
        // The node stops its parts in its own order.
        set(config, ClusterProperty.SHUTDOWNHOOK_ENABLED, false);
    }

    /// Small numbers: a grid of catalogs is mostly read, and idle threads cost memory and wake-ups.
    private static void threads(Config config) {
        set(config, ClusterProperty.IO_INPUT_THREAD_COUNT, 1);
        set(config, ClusterProperty.IO_OUTPUT_THREAD_COUNT, 1);
        set(config, ClusterProperty.PARTITION_OPERATION_THREAD_COUNT, 2);
        set(config, ClusterProperty.GENERIC_OPERATION_THREAD_COUNT, 2);
        set(config, ClusterProperty.PRIORITY_GENERIC_OPERATION_THREAD_COUNT, 1);
        set(config, ClusterProperty.RESPONSE_THREAD_COUNT, 1);
        set(config, ClusterProperty.EVENT_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_QUERY_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_BLOCKING_THREAD_COUNT, 1);
    }

    private static void timing(Config config, GridSettings settings) {
        set(config, ClusterProperty.PARTITION_COUNT, settings.partitionCount());
        set(config, ClusterProperty.WAIT_SECONDS_BEFORE_JOIN, 0);
        set(config, ClusterProperty.MAX_WAIT_SECONDS_BEFORE_JOIN, 2);
        set(config, ClusterProperty.MAX_JOIN_SECONDS, 15);
        set(config, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, settings.heartbeatSeconds());
        set(config, ClusterProperty.MAX_NO_HEARTBEAT_SECONDS, settings.silenceSecondsMax());
        set(config, ClusterProperty.MASTERSHIP_CLAIM_TIMEOUT_SECONDS, settings.silenceSecondsMax());
        set(config, ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS, settings.mergeSeconds());
        set(config, ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS, settings.mergeSeconds());
        set(config, ClusterProperty.MEMBER_LIST_PUBLISH_INTERVAL_SECONDS, 10);
        set(config, ClusterProperty.PARTITION_TABLE_SEND_INTERVAL, 10);
        // A copy that lags is also found by comparing it with the ledger.
        set(config, ClusterProperty.PARTITION_BACKUP_SYNC_INTERVAL, 30);
        set(config, ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS, 10_000);
        set(config, ClusterProperty.OPERATION_BACKUP_TIMEOUT_MILLIS, 2_000);
        set(config, ClusterProperty.INVOCATION_RETRY_PAUSE, 100);
        set(config, ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT, 5);
    }

    private static void set(Config config, HazelcastProperty property, Object value) {
        config.setProperty(property.getName(), String.valueOf(value));
    }
}
