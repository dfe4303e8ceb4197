package io.holdfast.consensus.ratis;

import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.testing.Await;
import io.holdfast.consensus.testing.TallyStateMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerConnectionsTest {
    /// By its own rules gRPC would take eight minutes for so many attempts at a peer that ends each of them.
    private static final int ATTEMPTS = 12;

    @TempDir
    Path directory;

    @Test
    void aPeerThatRefusedIsTriedAgainWhileThereIsNoLeader() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            List<GroupPeer> voters = List.of(peers.peer("n1"), peers.peer("n2"), peers.peer("n3"));
            try (ServerSocket refusing =
                    new ServerSocket(voters.get(1).port(), 50, InetAddress.getLoopbackAddress())) {
                Thread.ofPlatform().daemon().start(() -> endEach(refusing, attempts));
                peers.start(voters.get(0).id(), voters, new TallyStateMachine());
                Await.until("the lone voter goes on trying", () -> attempts.get() >= ATTEMPTS);
            }
            peers.start(voters.get(1).id(), voters, new TallyStateMachine());
            peers.leader();
        }
    }

    private static void endEach(ServerSocket refusing, AtomicInteger attempts) {
        try {
            while (true) {
                refusing.accept().close();
                attempts.incrementAndGet();
            }
        } catch (IOException _) {
            // The port was closed: this ends.
        }
    }
}
