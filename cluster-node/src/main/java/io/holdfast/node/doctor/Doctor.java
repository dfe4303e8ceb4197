package io.holdfast.node.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Looks at a host with every probe.
public final class Doctor {
    private final Host host;

    Doctor(Host host) {
        this.host = host;
    }

    /// Looks at this host; its disk is the one of the data folder.
    public static Doctor ofThisHost(Path dataFolder) {
        return new Doctor(new LinuxHost(dataFolder));
    }

    /// All findings, in the order of the probes.
    public List<Finding> examine() throws InterruptedException {
        return examine(probes());
    }

    /// Whether the host has the room that any node needs; takes a moment.
    public List<Finding> examineResources() throws InterruptedException {
        return examine(ResourceProbes.QUICK);
    }

    private List<Finding> examine(List<Probe> probes) throws InterruptedException {
        List<Future<Finding>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Probe probe : probes) {
                running.add(threads.submit(() -> probe.run(host)));
            }
        }
        List<Finding> findings = new ArrayList<>();
        for (Future<Finding> one : running) {
            try {
                findings.add(one.get());
            } catch (ExecutionException broken) {
                throw new IllegalStateException("a probe failed", broken.getCause());
            }
        }
        return findings;
    }

    static List<Probe> probes() {
        List<Probe> all = new ArrayList<>(ToolProbes.ALL);
        all.addAll(KernelProbes.ALL);
        all.addAll(ResourceProbes.QUICK);
        all.add(ResourceProbes.CLOCK);
        return all;
    }
}
