package io.holdfast.gridstate.hazelcast.security;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may take part in the grid, and the connections of those who do. Concurrent.
final class Admission {
    /// The attribute under which a member states the name that its certificate must confirm.
    static final String MEMBER_NAME_ATTRIBUTE = "holdfast.node";

    private static final long LOGGED_ONE_BY_ONE = 16;
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Predicate<String> admitted;
    private final GridTls.RefusalListener listener;
    private final Set<TlsChannel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicLong refusals = new AtomicLong();

    Admission(Predicate<String> admitted, GridTls.RefusalListener listener) {
        this.admitted = admitted;
        this.listener = listener;
    }

    boolean admits(String nodeName) {
        return admitted.test(nodeName);
    }

    void add(TlsChannel channel) {
        channels.add(channel);
    }

    void remove(TlsChannel channel) {
        channels.remove(channel);
    }

    /// Counts a refusal and says so in the log; of many refusals ever fewer are logged, since whoever is
    /// refused may knock again a hundred times a second.
    void refuse(String reason, @Nullable SocketAddress remote) {
        long count = refusals.incrementAndGet();
        if (count <= LOGGED_ONE_BY_ONE || Long.bitCount(count) == 1) {
            LOG.warn("refused to take part in the grid: {} remote={} refusals={}", reason, remote, count);
        }
    }

    /// Tells of who connected and was not let in.
    void tellTurnedAway(Exception why, @Nullable SocketAddress remote) {
        Optional<String> address = remote instanceof InetSocketAddress known && known.getAddress() != null
                ? Optional.of(known.getAddress().getHostAddress())
                : Optional.empty();
        listener.onTurnedAway(address, why);
    }

    /// Connections and join requests turned away since the start.
    long refusals() {
        return refusals.get();
    }

    int channelCount() {
        return channels.size();
    }

    /// Closes the connections of every peer that is not admitted any more.
    void cutUnadmitted() {
        for (TlsChannel channel : channels) {
            channel.peerName().filter(name -> !admits(name)).ifPresent(name -> {
                channel.fail("peer is no longer admitted: node=" + name);
            });
        }
    }

    /// Says goodbye to everybody, handshakes included.
    void closeAll(String reason) {
        for (TlsChannel channel : channels) {
            channel.requestClose(reason);
        }
    }
}
