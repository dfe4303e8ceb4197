package io.holdfast.node.app;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// A request's stay in an instance: while it lasts, the instance is not saved, put to sleep or ended.
/// Concurrent; closing it twice does nothing.
public final class Visit implements AutoCloseable {
    private final Instance instance;
    private final InetSocketAddress address;
    private final AtomicBoolean closed = new AtomicBoolean();

    Visit(Instance instance, InetSocketAddress address) {
        this.instance = instance;
        this.address = address;
    }

    /// Where the instance listens.
    public InetSocketAddress address() {
        return address;
    }

    /// How the instance came to be ready.
    public StartKind startKind() {
        return instance.startKind();
    }

    /// The name of the snapshot that it goes on from, if it was not started cold.
    public Optional<String> snapshot() {
        return instance.snapshot();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            instance.leave();
        }
    }
}
