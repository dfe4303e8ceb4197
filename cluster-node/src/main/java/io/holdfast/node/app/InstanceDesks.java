package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerLog;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.node.http.port.InstanceDesk;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.peerlink.NodeCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Orders for instances, carried out here or brought to the node where the instance runs. Concurrent.
public final class InstanceDesks implements InstanceDesk {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int LOG_BYTES_MAX = 256 << 10;
    private static final Duration CALL_MARGIN = Duration.ofSeconds(2);
    private static final String WAKING = "the next request to it wakes it";

    private final HostKit kit;
    private final AppHost host;
    private final NodeCalls calls;
    private final SnapshotCopier copier;
    private final SnapshotLocator locator;
    private final InstanceStarter starter;

    public InstanceDesks(HostKit kit, AppHost host, NodeCalls calls) {
        this.kit = kit;
        this.host = host;
        this.calls = calls;
        this.copier = new SnapshotCopier(kit);
        this.locator = new SnapshotLocator(kit);
        this.starter = new InstanceStarter(kit, host);
    }

    @Override
    public Answer perform(Order order, Duration patience) {
        if (order instanceof Order.Copy copy) {
            return copier.copy(
                    SnapshotKey.parse(copy.snapshot()), ApplicationKey.parse(copy.application()));
        }
        if (order instanceof Order.Locate locate) {
            return locator.locate(SnapshotKey.parse(locate.snapshot()));
        }
        if (order instanceof Order.Start start) {
            return start.node().equals(kit.node())
                    ? starter.start(start)
                    : ask(start.node(), start, patience);
        }
        Optional<Versioned<PlacementKey, PlacementEntry>> placement = find(order);
        if (placement.isEmpty()) {
            return withoutInstance(order);
        }
        String node = placement.get().value().node();
        return node.equals(kit.node())
                ? performHere(order, placement.get().key(), patience)
                : ask(node, order, patience);
    }

    private Answer withoutInstance(Order order) {
        Optional<ApplicationEntry> entry =
                kit.catalog().application(ApplicationKey.parse(order.application()));
        if (entry.isEmpty()) {
            return new Answer.Refused(404, "not-found", "no such application: " + order.application());
        }
        String slot = order.slot() < 0 ? "" : " slot=" + order.slot();
        return new Answer.Refused(
                404, "no-instance", "the application has no instance: " + order.application() + slot,
                entry.get().isStopped()
                        ? "it is stopped: holdfast app start " + order.application()
                        : WAKING + ", or 'holdfast app wake " + order.application() + " --node NODE'");
    }

    private Answer ask(String node, Order order, Duration patience) {
        try {
            byte[] answer =
                    calls.call(node, PeerCall.APPLICATION, write(order), patience.plus(CALL_MARGIN));
            return JSON.readValue(answer, Answer.class);
        } catch (PeerRefusedException refused) {
            return new Answer.Refused(503, "node-refused", String.valueOf(refused.getMessage()));
        } catch (IOException malformed) {
            throw new IllegalStateException("a node's answer cannot be read: node=" + node, malformed);
        }
    }

    /// Answers another node's order, which was meant for this one.
    public byte[] answer(byte[] argument) {
        try {
            Order order = JSON.readValue(argument, Order.class);
            if (order instanceof Order.Start start) {
                return write(starter.start(start));
            }
            Optional<Versioned<PlacementKey, PlacementEntry>> placement = find(order)
                    .filter(known -> known.value().node().equals(kit.node()));
            Answer answer = placement.isPresent()
                    ? performHere(order, placement.get().key(), Duration.ofSeconds(60))
                    : new Answer.Refused(503, "not-here", "the instance is no longer on this node");
            return write(answer);
        } catch (IOException | IllegalArgumentException malformed) {
            throw new PeerRefusedException("not an order: " + malformed.getMessage());
        }
    }

    private static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalStateException("an order is always written", e);
        }
    }

    private Optional<Versioned<PlacementKey, PlacementEntry>> find(Order order) {
        return kit.catalog().placements(ApplicationKey.parse(order.application())).stream()
                .filter(placement -> order.slot() < 0 || placement.key().slot() == order.slot())
                .findFirst();
    }

    private Answer performHere(Order order, PlacementKey slot, Duration patience) {
        Optional<Instance> instance = host.find(slot);
        if (instance.isEmpty()) {
            return new Answer.Refused(503, "not-here", "the instance is starting or ending: " + slot);
        }
        try {
            return switch (order) {
                case Order.Save save -> save(instance.get(), save, patience);
                case Order.ReadLog read -> readLog(containerOf(instance.get()), read);
                case Order.Execute _ when sleeps(instance.get()) ->
                    new Answer.Refused(
                            409, "asleep", "the instance sleeps, nothing runs in it: " + slot, WAKING);
                case Order.Execute execute -> execute(containerOf(instance.get()), execute);
                case Order.Copy _, Order.Locate _, Order.Start _ ->
                    throw new IllegalStateException("done without an instance: order=" + order);
            };
        } catch (StartFailedException refused) {
            return new Answer.Refused(409, "forbidden-state", String.valueOf(refused.getMessage()));
        } catch (ContainerException failure) {
            boolean isCallers = failure.kind() == ContainerException.Kind.INVALID_REQUEST;
            return new Answer.Refused(
                    isCallers ? 422 : 409,
                    failure.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                    String.valueOf(failure.getMessage()));
        }
    }

    private static boolean sleeps(Instance instance) {
        return switch (instance.phase()) {
            case ASLEEP, POISED -> true;
            case STARTING, READY, PAUSED, FAILING, ENDED -> false;
        };
    }

    private static Container containerOf(Instance instance) throws StartFailedException {
        return instance.container().orElseThrow(() -> new StartFailedException(
                "nothing runs in the slot: slot=" + instance.slot() + " phase=" + instance.picture().phase()
                        + " reason=" + instance.picture().reason()));
    }

    private Answer save(Instance instance, Order.Save order, Duration patience) throws StartFailedException {
        Instance.SaveWish.After after = switch (order.then()) {
            case "sleep" -> Instance.SaveWish.After.SLEEP;
            case "end" -> Instance.SaveWish.After.END;
            default -> Instance.SaveWish.After.GO_ON;
        };
        try {
            SnapshotKey key =
                    instance.save(order.name(), after).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            long size = kit.catalog().snapshot(key).map(SnapshotEntry::chargedBytes).orElse(0L);
            return new Answer.Saved(key.toString(), size);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw new StartFailedException(
                    cause == null ? "not saved" : String.valueOf(cause.getMessage()), failure);
        } catch (TimeoutException late) {
            return new Answer.Refused(504, "deadline-exceeded", "the snapshot is still being made");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new Answer.Refused(503, "stopping", "the node is stopping");
        }
    }

    /// Which member is meant; a group's has to be named.
    private static Optional<String> memberOf(Container container, Optional<String> member) {
        if (container.spec().isGroup() != member.isPresent()) {
            throw new ContainerException(ContainerException.Kind.INVALID_REQUEST, member.isPresent()
                    ? "it has no members: member=" + member.get()
                    : "it has several members, of which one has to be named: members="
                            + Member.names(container.spec().members()));
        }
        return member;
    }

    private Answer readLog(Container container, Order.ReadLog order) {
        ContainerLog log =
                memberOf(container, order.member()).map(container::log).orElseGet(container::log);
        long offset = order.offset() < 0
                ? Math.max(log.beginOffset(), log.endOffset() + order.offset())
                : order.offset();
        if (order.waitMillis() > 0) {
            var _ = log.awaitBeyond(offset, Duration.ofMillis(Math.min(order.waitMillis(), 20_000)));
        }
        ContainerLog.Chunk part = log.read(offset, Math.clamp(order.bytesMax(), 1, LOG_BYTES_MAX));
        boolean hasEnded = container.exit().isPresent() && part.nextOffset() >= log.endOffset();
        return new Answer.LogPart(
                kit.node(), part.offset(), part.nextOffset(), new String(part.bytes(), UTF_8), hasEnded);
    }

    private Answer execute(Container container, Order.Execute order) {
        Duration within = Duration.ofMillis(Math.clamp(order.withinMillis(), 1, 60_000));
        ProcessOutcome outcome = memberOf(container, order.member())
                .map(member -> container.exec(member, order.command(), within))
                .orElseGet(() -> container.exec(order.command(), within));
        int code = switch (outcome.exit()) {
            case ProcessExit.Code(int number) -> number;
            case ProcessExit.Signal(int number) -> 128 + number;
            case ProcessExit.DeadlineExceeded _ -> 124;
        };
        return new Answer.Executed(
                kit.node(), code, outcome.output(), outcome.errors(), outcome.droppedBytes() == 0);
    }

    /// The instances of this node, for a status.
    public List<Instance.Picture> pictures() {
        return host.instances().stream().map(Instance::picture).toList();
    }
}
