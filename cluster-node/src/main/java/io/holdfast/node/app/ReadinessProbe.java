package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.gridstate.application.Probe;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerState;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Asks a container until it is ready. Leaves no connection open behind it: an open one would stand in the
/// way of a checkpoint. Immutable; blocks.
final class ReadinessProbe {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 5_000;
    private static final Duration PAUSE_MIN = Duration.ofMillis(2);
    private static final Duration PAUSE_MAX = Duration.ofMillis(100);
    private static final int STATUS_LINE_BYTES_MAX = 512;
    private static final int DRAINED_BYTES_MAX = 1 << 20;

    private final LongSupplier nanoClock;

    ReadinessProbe(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// Waits until the container is ready; answers why it is not, if it ended, took too long, or nobody
    /// wants it any more.
    Optional<String> await(Container container, Probe probe, int port, BooleanSupplier isUnwanted) {
        long deadline = nanoClock.getAsLong() + Duration.ofMillis(probe.patienceMillis()).toNanos();
        Duration pause = PAUSE_MIN;
        String last = "it never answered";
        while (true) {
            Optional<String> refused = ask(container, probe, port);
            if (refused.isEmpty() && container.state() != ContainerState.ENDED) {
                return Optional.empty();
            }
            last = refused.orElse(last);
            boolean hasEnded = container.awaitExit(pause).isPresent();
            if (hasEnded) {
                String how = container.exit().map(exit -> exit.explained()).orElse("it ended");
                return Optional.of("it ended before it was ready: " + how);
            }
            if (isUnwanted.getAsBoolean()) {
                return Optional.of("it is no longer wanted");
            }
            if (nanoClock.getAsLong() - deadline >= 0) {
                return Optional.of("it was not ready within " + probe.patienceMillis() + " ms: " + last);
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
        }
    }

    private static Optional<String> ask(Container container, Probe probe, int port) {
        try {
            return switch (probe) {
                case Probe.Started started ->
                    container.awaitExit(Duration.ofMillis(started.settleMillis()))
                            .map(exit -> exit.explained());
                case Probe.Connects _ -> {
                    connect(container, port).close();
                    yield Optional.empty();
                }
                case Probe.Answers answers -> get(container, port, answers.path());
            };
        } catch (IOException failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    private static Optional<String> get(Container container, int port, String path) throws IOException {
        try (Socket socket = connect(container, port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            InputStream answer = socket.getInputStream();
            String line = firstLine(answer);
            // Read to the end, so that the other side closes first.
            answer.skip(DRAINED_BYTES_MAX);
            return line.matches("HTTP/1\\.[01] [23][0-9][0-9].*")
                    ? Optional.empty()
                    : Optional.of("it answered: " + (line.isEmpty() ? "nothing" : line));
        }
    }

    private static String firstLine(InputStream answer) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = answer.read();
        while (next >= ' ' && next < 127 && line.length() < STATUS_LINE_BYTES_MAX) {
            line.append((char) next);
            next = answer.read();
        }
        return line.toString();
    }

    private static Socket connect(Container container, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(container.address(), port), CONNECT_MILLIS);
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }
}
