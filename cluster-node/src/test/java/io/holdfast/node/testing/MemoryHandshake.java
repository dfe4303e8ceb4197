package io.holdfast.node.testing;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// Runs a real TLS handshake between two engines in memory, and carries one byte each way
/// afterwards, so that a server's late refusal of the client's certificate is seen.
public final class MemoryHandshake {
    private static final int STEP_COUNT_MAX = 10_000;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer;
    private final ByteBuffer toClient;

    private MemoryHandshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
        this.toServer = ByteBuffer.allocate(256 * 1024);
        this.toClient = ByteBuffer.allocate(256 * 1024);
    }

    /// Completes, or throws what the refusing side threw.
    public static void run(SSLEngine client, SSLEngine server) throws SSLException {
        new MemoryHandshake(client, server).run();
    }

    private void run() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        ByteBuffer fromClient = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
        ByteBuffer fromServer = ByteBuffer.allocate(server.getSession().getApplicationBufferSize());
        for (int step = 0; step < STEP_COUNT_MAX; step++) {
            send(client, toServer);
            receive(server, toServer, fromClient);
            send(server, toClient);
            receive(client, toClient, fromServer);
            if (fromClient.position() > 0 && fromServer.position() > 0) {
                return;
            }
        }
        throw new AssertionError(
                "the handshake does not end: client="
                        + client.getHandshakeStatus()
                        + " server="
                        + server.getHandshakeStatus());
    }

    private static void send(SSLEngine engine, ByteBuffer out) throws SSLException {
        runTasks(engine);
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
        } else if (status == HandshakeStatus.NOT_HANDSHAKING) {
            engine.wrap(ByteBuffer.wrap(new byte[] {1}), out);
        }
        runTasks(engine);
    }

    private static void receive(SSLEngine engine, ByteBuffer in, ByteBuffer plain)
            throws SSLException {
        runTasks(engine);
        in.flip();
        if (in.hasRemaining()) {
            engine.unwrap(in, plain);
        }
        in.compact();
        runTasks(engine);
    }

    private static void runTasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }
}
