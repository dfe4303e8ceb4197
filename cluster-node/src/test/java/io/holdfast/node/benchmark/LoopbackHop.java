package io.holdfast.node.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.HdrHistogram.Histogram;

/// How long a small message takes to another thread and back over TCP on this host.
final class LoopbackHop {
    private static final int MESSAGE_BYTES = 4096;

    private LoopbackHop() {}

    static double medianMicros(int messages) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.setTcpNoDelay(true);
            accepted.setTcpNoDelay(true);
            Thread echo = Thread.ofPlatform().daemon().start(() -> echo(accepted, messages));
            Histogram histogram = new Histogram(3);
            byte[] message = new byte[MESSAGE_BYTES];
            for (int i = 0; i < messages; i++) {
                long sent = System.nanoTime();
                client.getOutputStream().write(message);
                client.getInputStream().readNBytes(message, 0, 1);
                histogram.recordValue(System.nanoTime() - sent);
            }
            echo.join();
            return histogram.getValueAtPercentile(50) / 1e3;
        }
    }

    private static void echo(Socket from, int messages) {
        byte[] message = new byte[MESSAGE_BYTES];
        try {
            for (int i = 0; i < messages; i++) {
                from.getInputStream().readNBytes(message, 0, message.length);
                from.getOutputStream().write(1);
            }
        } catch (IOException closed) {
            throw new IllegalStateException(closed);
        }
    }
}
