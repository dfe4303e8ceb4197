package io.holdfast.node.cli.client;

import io.holdfast.node.cli.client.EventStream.Event;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The changes of a cluster in their order, without gaps and without repetitions: goes on at another node
/// when the one it listens to is lost. Confined to its reader; closing ends a waiting read.
public final class ChangeFollower implements AutoCloseable {
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);

    /// After so many refused tries in a row it gives up.
    private static final int FAILURES_MAX = 50;

    private final ApiClient client;
    private final ApiRequest request;
    private String position;
    private int connectionCount;
    private volatile @Nullable EventStream stream;
    private volatile boolean closed;

    /// @param request of `/watch`, with its catalogs
    /// @param position to resume after; empty for from now on
    public ChangeFollower(ApiClient client, ApiRequest request, String position) {
        this.client = client;
        this.request = request;
        this.position = position;
    }

    /// Connects, so that nothing is missed that happens afterwards.
    public void connect() throws CliException, InterruptedException {
        connected();
    }

    /// How often a node had to be found to listen to.
    public int connectionCount() {
        return connectionCount;
    }

    /// The next event, a `change` or a `reset` (what lies between the position and the event's is no longer
    /// kept); nothing once this is closed.
    public Optional<Event> next() throws CliException, InterruptedException {
        while (!closed) {
            try {
                Optional<Event> event = connected().next();
                if (event.isPresent()) {
                    position = event.get().id().isEmpty() ? position : event.get().id();
                    if (!event.get().type().equals("ready")) {
                        return event;
                    }
                } else {
                    disconnect();
                }
            } catch (IOException lost) {
                disconnect();
            }
        }
        return Optional.empty();
    }

    private EventStream connected() throws CliException, InterruptedException {
        for (int failures = 0; ; failures++) {
            EventStream open = stream;
            if (open != null) {
                return open;
            }
            try {
                EventStream fresh = client.watch(
                        position.isEmpty() ? request : request.withHeader("Last-Event-ID", position));
                connectionCount++;
                stream = fresh;
                awaitReady(fresh);
            } catch (CliException refused) {
                if (refused.exitCode() != ExitCode.UNAVAILABLE || failures >= FAILURES_MAX) {
                    throw refused;
                }
                Pause.of(RECONNECT_PAUSE);
            }
        }
    }

    /// The first event says from where on nothing is missed.
    private void awaitReady(EventStream fresh) {
        try {
            Optional<Event> ready = fresh.next();
            if (ready.isPresent() && position.isEmpty()) {
                position = ready.get().id();
            }
        } catch (IOException lost) {
            disconnect();
        }
    }

    private void disconnect() {
        EventStream open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
