package io.holdfast.gridstate.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import io.holdfast.gridstate.hazelcast.entry.GridMaps;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import io.holdfast.gridstate.hazelcast.entry.MapLayout;
import io.holdfast.gridstate.hazelcast.security.GridGuard;
import io.holdfast.gridstate.hazelcast.security.GridTls;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's member of the grid. Concurrent.
///
/// It may lose everything at any time; whoever reads it treats a miss as "not here", never as "not there".
/// A member that is evicted stops by itself and stays stopped: [GridStatus.Standing#EVICTED].
public final class Grid implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Grid.class);

    /// Member names are unique per JVM in the vendor's registry; a reopened grid needs a new one.
    private static final AtomicLong OPENED = new AtomicLong();

    private final GridSettings settings;
    private final GridGuard guard;
    private final TcpIpConfig addresses;
    private final List<Consumer<List<GridMember>>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile GridStatus.Standing standing = GridStatus.Standing.JOINED;
    private final HazelcastInstance instance;
    private final GridSchema schema;
    private final GridMaps maps;

    private Grid(GridSettings settings, GridTls tls, Predicate<String> admitted, GridSchema schema)
            throws UnknownHostException {
        this.settings = settings;
        Config config = MemberConfig.of(settings, settings.nodeName() + "-grid-" + OPENED.incrementAndGet());
        MapLayout.configure(config, schema);
        this.addresses = config.getAdvancedNetworkConfig().getJoin().getTcpIpConfig();
        this.guard = new GridGuard(settings.nodeName(), tls, admitted, this::onSelfEvicted);
        this.schema = schema;
        try {
            this.instance = guard.start(config);
            this.maps = mapsOf(instance);
        } catch (RuntimeException e) {
            guard.close();
            throw e;
        }
    }

    /// A member that began and cannot go on must not keep its port from the next attempt.
    private GridMaps mapsOf(HazelcastInstance begun) {
        try {
            GridMaps made = new GridMaps(begun, schema);
            begun.getCluster().addMembershipListener(new MemberWatch());
            return made;
        } catch (RuntimeException e) {
            begun.getLifecycleService().terminate();
            throw e;
        }
    }

    /// Joins the grid, or begins one if no other member is reachable; blocks until then.
    ///
    /// @param admitted whether a node of this name may take part *now*; asked often, from several threads,
    /// so it answers from memory
    public static Grid open(
            GridSettings settings, GridTls tls, Predicate<String> admitted, GridSchema schema) {
        try {
            return new Grid(settings, tls, admitted, schema);
        } catch (UnknownHostException e) {
            throw new GridUnavailableException(
                    "the grid's address cannot be resolved: host=" + settings.host(), e);
        } catch (IllegalStateException | HazelcastException e) {
            throw new GridUnavailableException(
                    "this node could not join the grid: node=" + settings.nodeName(), e);
        }
    }

    /// Replaces the addresses under which members are looked for, at the next attempt to join or to heal.
    public void lookForMembersAt(List<String> members) {
        members.forEach(GridSettings::requireAddress);
        addresses.setMembers(List.copyOf(members));
    }

    /// Applies the admission predicate at once instead of within a second.
    public void enforceAdmission() {
        guard.enforce();
    }

    /// The members as this one sees them, oldest first.
    public List<GridMember> members() {
        if (!isOpen()) {
            return List.of();
        }
        try {
            return instance.getCluster().getMembers().stream().map(GridMember::of).toList();
        } catch (HazelcastInstanceNotActiveException e) {
            return List.of();
        }
    }

    /// Called with the new view whenever a member came or went, on a thread of the grid.
    public void onMembers(Consumer<List<GridMember>> listener) {
        listeners.add(listener);
    }

    /// Called after this member has gone over to another part of a split grid, on a thread of the grid.
    public void onMerged(Runnable listener) {
        instance.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                LOG.info("merged into another part of the grid: node={}", settings.nodeName());
                listener.run();
            }
        });
    }

    public GridStatus status() {
        return new GridStatus(standing, members(), guard.connectionCount(), guard.refusals());
    }

    public GridSchema schema() {
        return schema;
    }

    public GridMaps maps() {
        return maps;
    }

    /// Whether it takes part.
    public boolean isOpen() {
        return standing == GridStatus.Standing.JOINED;
    }

    private void onSelfEvicted() {
        stop(GridStatus.Standing.EVICTED);
    }

    /// Leaves the grid at once: what it held is elsewhere or can be refilled.
    @Override
    public void close() {
        stop(GridStatus.Standing.CLOSED);
    }

    private void stop(GridStatus.Standing reason) {
        if (closed.compareAndSet(false, true)) {
            standing = reason;
            guard.close();
            instance.getLifecycleService().terminate();
            LOG.info("left the grid: node={} standing={}", settings.nodeName(), reason);
        }
    }

    private final class MemberWatch implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            tell("joined", event.getMember());
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            tell("left", event.getMember());
        }

        private void tell(String what, Member member) {
            List<GridMember> now = members();
            LOG.info("a grid member {}: node={} address={} members={}",
                    what, GridMember.of(member).node(), member.getAddress(), now.size());
            listeners.forEach(listener -> listener.accept(now));
        }
    }
}
