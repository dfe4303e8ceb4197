package io.holdfast.chaos.network;

import java.io.IOException;
import java.util.Map;

/// What carries frames between the nodes. Confined to the thread that injects faults.
public interface Wire extends AutoCloseable {
    /// Makes these the conditions of the links, all at once; links not named are good.
    ///
    /// @throws UnsupportedOperationException if this kind of wire cannot do it; nothing has changed then
    void set(Map<Link, LinkCondition> conditions) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
