package io.holdfast.chaos.fault;

import java.io.IOException;
import java.util.List;

/// Nodes end at once, as by `kill -9`; healing starts them again. Immutable.
public record KillFault(List<String> nodes) implements Fault {
    public KillFault {
        nodes = List.copyOf(nodes);
    }

    @Override
    public String describe() {
        return "kill -9 of " + nodes;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException, InterruptedException {
        for (String node : nodes) {
            site.kill(node);
        }
        return () -> {
            for (String node : nodes) {
                site.start(node);
            }
        };
    }
}
