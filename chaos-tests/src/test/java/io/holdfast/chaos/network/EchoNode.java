package io.holdfast.chaos.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A node for tests of the network: answers lines. `ask ADDRESS` tells whether that node answers an `echo`;
/// `hold ADDRESS` opens a connection and keeps it; `release` closes those; `held` counts the ones that others
/// keep to this node.
public final class EchoNode {
    static final int PORT = 7000;
    private static final int LIMIT_MILLIS = 400;

    private final List<Socket> held = new ArrayList<>();
    private final AtomicInteger openConnections = new AtomicInteger();

    private EchoNode() {}

    public static void main(String[] arguments) throws IOException {
        EchoNode node = new EchoNode();
        try (ServerSocket server = new ServerSocket(PORT)) {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().name("connection").start(() -> node.serve(socket));
            }
        }
    }

    private void serve(Socket socket) {
        openConnections.incrementAndGet();
        try (socket;
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = lines.readLine();
            while (line != null) {
                String answer = answer(line) + "\n";
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                line = lines.readLine();
            }
        } catch (IOException e) {
            // The peer is gone, which is what the count below says.
        } finally {
            openConnections.decrementAndGet();
        }
    }

    private String answer(String line) throws IOException {
        String[] words = line.split(" ", 2);
        return switch (words[0]) {
            case "echo" -> "echo";
            case "ask" -> say(words[1], "echo", LIMIT_MILLIS);
            case "hold" -> hold(words[1]);
            case "release" -> release();
            case "held" -> "" + (openConnections.get() - 1);
            default -> "what?";
        };
    }

    private String hold(String address) throws IOException {
        synchronized (held) {
            held.add(new Socket(address, PORT));
        }
        return "ok";
    }

    private String release() throws IOException {
        synchronized (held) {
            for (Socket socket : held) {
                socket.close();
            }
            held.clear();
        }
        return "ok";
    }

    /// Sends a line to a node and returns its answer, or `none`.
    static String say(String address, String line, int limitMillis) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, PORT), limitMillis);
            socket.setSoTimeout(limitMillis);
            OutputStream out = socket.getOutputStream();
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return answer == null ? "none" : answer;
        } catch (IOException e) {
            return "none";
        }
    }
}
