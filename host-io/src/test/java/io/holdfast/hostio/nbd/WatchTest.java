package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WatchTest {
    private final Watch watch = new Watch(new NbdLimits.Times(
            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(1)));

    @Test
    void handshakeHasItsTime() {
        assertEquals("", steps(2));
        assertEquals("handshake", watch.step());
    }

    @Test
    void nothingIsOverWhileNothingIsWaitedFor() {
        watch.handshakeEnded();
        assertEquals("", steps(1000));
    }

    @Test
    void halfARequestAndAnUntakenReplyHaveTheirTime() {
        watch.handshakeEnded();
        watch.receiving();
        assertEquals("", steps(4));
        assertEquals("receive", watch.step());
        watch.received();
        watch.sending();
        assertEquals("", steps(4));
        assertEquals("send", watch.step());
        watch.sent();
        assertEquals("", watch.step());
    }

    @Test
    void restHasItsTimeAndZeroIsForEver() {
        watch.handshakeEnded();
        watch.resting();
        assertEquals("", steps(10));
        assertEquals("idle", watch.step());

        Watch patient = new Watch(NbdLimits.Times.DEFAULT);
        patient.handshakeEnded();
        patient.resting();
        for (int i = 0; i < 100_000; i++) {
            assertEquals("", patient.step());
        }
    }

    private String steps(int count) {
        String over = "";
        for (int i = 0; i < count; i++) {
            over += watch.step();
        }
        return over;
    }
}
