package io.holdfast.gridstate.hazelcast.security;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a member behind mutual TLS and keeps everybody out who is not admitted, the member itself
/// included. Concurrent. One guard serves one member.
///
/// The predicate is asked from several threads, often, and must answer from memory.
public final class GridGuard implements AutoCloseable {
    /// How soon an eviction takes effect where nobody calls [#enforce()].
    private static final long SWEEP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(GridGuard.class);

    private final String self;
    private final GridTls tls;
    private final Admission admission;
    private final HandshakeCrew crew;
    private final Runnable onSelfEvicted;
    private final AtomicBoolean selfEvicted = new AtomicBoolean();
    private volatile @Nullable SecuredNodeExtension extension;

    /// @param self the name in this node's certificate
    /// @param admitted whether a node of this name may take part now
    /// @param onSelfEvicted called once, on the guard's thread, when this node is not admitted any more
    public GridGuard(String self, GridTls tls, Predicate<String> admitted, Runnable onSelfEvicted) {
        this.self = self;
        this.tls = tls;
        this.admission = new Admission(admitted, tls.refusals());
        this.onSelfEvicted = onSelfEvicted;
        this.crew = new HandshakeCrew(self);
    }

    /// Starts the member that the configuration describes; blocks until it has joined or stands alone.
    public HazelcastInstance start(Config config) {
        if (!admission.admits(self)) {
            throw new IllegalStateException("this node is not admitted to the grid: node=" + self);
        }
        config.getMemberAttributeConfig().setAttribute(Admission.MEMBER_NAME_ATTRIBUTE, self);
        HazelcastInstance started = HazelcastInstanceFactory.newHazelcastInstance(
                config, config.getInstanceName(), new Context());
        crew.every(SWEEP_MILLIS, TimeUnit.MILLISECONDS, this::enforce);
        return started;
    }

    /// Applies the predicate's present answers to members and connections; called by itself every second,
    /// and by whoever knows that an answer has changed.
    public void enforce() {
        try {
            if (!admission.admits(self)) {
                if (selfEvicted.compareAndSet(false, true)) {
                    LOG.warn("this node was evicted and leaves the grid: node={}", self);
                    admission.closeAll("this node was evicted: node=" + self);
                    onSelfEvicted.run();
                }
                return;
            }
            admission.cutUnadmitted();
            SecuredNodeExtension guarded = extension;
            if (guarded != null) {
                guarded.removeUnadmittedMembers();
            }
        } catch (RuntimeException e) {
            // Outermost frame of a periodic task, which an exception would end for good.
            LOG.error(
                    "enforcing admission failed; tried again: node={} periodMillis={}",
                    self,
                    SWEEP_MILLIS,
                    e);
        }
    }

    /// The member attribute that carries the node's name.
    public static String nameAttribute() {
        return Admission.MEMBER_NAME_ATTRIBUTE;
    }

    /// Connections and join requests turned away, or cut, since the start.
    public long refusals() {
        return admission.refusals();
    }

    /// Connections that are open now, handshakes included.
    public int connectionCount() {
        return admission.channelCount();
    }

    @Override
    public void close() {
        admission.closeAll("the grid is closing: node=" + self);
        crew.close();
    }

    private final class Context extends DefaultNodeContext {
        @Override
        public NodeExtension createNodeExtension(Node node) {
            SecuredNodeExtension created = new SecuredNodeExtension(node, tls, admission, crew);
            extension = created;
            return created;
        }
    }
}
