package io.holdfast.chaos.network;

import io.holdfast.chaos.nativeaccess.TapDevice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An Ethernet switch in this process between TAP devices, one in each node's network namespace and one
/// in the
/// hub. Each direction of each pair has its own conditions and its own random numbers, made from the seed, so
/// that the n-th frame of a link meets the same fate in every run.
///
/// One thread reads each device; frames that are not held back are written at once by the reader. Frames
/// between a node and the hub meet no faults.
final class SwitchWire implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchWire.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int PORT_BYTE = 5;
    private static final int HEADER_BYTES = 14;

    private final Map<Integer, TapDevice> devices = new HashMap<>();
    private final Map<Link, Lane> lanes = new HashMap<>();
    private final Map<Integer, Map<Integer, Lane>> lanesByNumber = new HashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final DelayQueue delayed = new DelayQueue(this::deliver);
    private volatile boolean isClosed;

    private SwitchWire() {}

    static SwitchWire open(List<Port> ports, Port hub, long seed) throws IOException, InterruptedException {
        SwitchWire wire = new SwitchWire();
        try {
            for (Port port : ports) {
                wire.devices.put(port.number(), TapDevice.open(port.namespacePath(), Port.DEVICE));
                Tools.ipIn(port.namespace(), List.of(
                        "link set " + Port.DEVICE + " address " + port.hardwareAddress()));
                wire.addLanes(port, ports, seed);
            }
            wire.devices.put(hub.number(), TapDevice.open(hub.namespacePath(), Port.DEVICE));
            Tools.ip(List.of(
                    "link set " + Port.DEVICE + " address " + hub.hardwareAddress() + " up",
                    "addr add " + hub.addressWithPrefix() + " dev " + Port.DEVICE));
            wire.start();
            return wire;
        } catch (IOException | InterruptedException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private void addLanes(Port from, List<Port> ports, long seed) {
        for (Port to : ports) {
            if (to.number() != from.number()) {
                long laneSeed = seed * 65_537 + from.number() * 257L + to.number();
                Lane lane = new Lane(new SplittableRandom(laneSeed));
                lanes.put(new Link(from.node(), to.node()), lane);
                lanesByNumber.computeIfAbsent(from.number(), _ -> new HashMap<>()).put(to.number(), lane);
            }
        }
    }

    private void start() {
        devices.forEach((number, device) -> threads.add(
                Thread.ofPlatform().daemon().name("switch-port-" + number).start(() -> read(number,
                        device))));
        threads.add(Thread.ofPlatform().daemon().name("switch-delay").start(delayed::run));
    }

    @Override
    public void set(Map<Link, LinkCondition> conditions) {
        for (Link link : conditions.keySet()) {
            if (!lanes.containsKey(link)) {
                throw new IllegalArgumentException("no such link: " + link);
            }
        }
        lanes.forEach((link, lane) -> lane.set(conditions.getOrDefault(link, LinkCondition.GOOD)));
    }

    private void read(int from, TapDevice device) {
        byte[] frame = new byte[TapDevice.FRAME_BYTES_MAX];
        try {
            while (!isClosed) {
                int length = device.read(frame, POLL);
                if (length > HEADER_BYTES) {
                    forward(from, frame, length);
                }
            }
        } catch (IOException e) {
            LOG.error("switch port stopped, port={}", from, e);
        }
    }

    private void forward(int from, byte[] frame, int length) {
        boolean isToAll = (frame[0] & 1) != 0;
        int target = frame[PORT_BYTE] & 0xff;
        for (int to : devices.keySet()) {
            if (to != from && (isToAll || to == target)) {
                Lane lane = laneOf(from, to);
                if (lane == null) {
                    deliver(to, frame, length);
                } else {
                    lane.pass(frame, length, to, this::deliver, delayed);
                }
            }
        }
    }

    private @Nullable Lane laneOf(int from, int to) {
        Map<Integer, Lane> outgoing = lanesByNumber.get(from);
        return outgoing == null ? null : outgoing.get(to);
    }

    private void deliver(int to, byte[] frame, int length) {
        TapDevice device = devices.get(to);
        if (device != null && !isClosed) {
            device.write(frame, length);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        delayed.close();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        devices.values().forEach(TapDevice::close);
        devices.clear();
    }

    /// Takes a frame to a port.
    @FunctionalInterface
    interface Delivery {
        void deliver(int to, byte[] frame, int length);
    }
}
