package io.holdfast.chaos.fault;

import io.holdfast.chaos.nativeaccess.Signal;
import io.holdfast.chaos.nativeaccess.Signals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Nodes stand still, as by SIGSTOP: the kernel still answers for their connections. Immutable.
public record FreezeFault(List<String> nodes) implements Fault {
    public FreezeFault {
        nodes = List.copyOf(nodes);
    }

    @Override
    public String describe() {
        return "freeze of " + nodes;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException {
        List<Long> frozen = new ArrayList<>();
        for (String node : nodes) {
            long pid = site.pidOf(node);
            Signals.send(pid, Signal.STOP);
            frozen.add(pid);
        }
        return () -> {
            for (long pid : frozen) {
                Signals.send(pid, Signal.CONTINUE);
            }
        };
    }
}
