package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.http.port.StartView.Start;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StartHistoryTest {
    private final StartHistory history =
            new StartHistory("node-1", InstantSource.fixed(Instant.ofEpochMilli(7)));

    private static ApplicationKey application(int number) {
        return new ApplicationKey("default", "app-" + number);
    }

    @Test
    void startsAreKeptPerApplicationInTheirOrder() {
        history.note(application(1), "cold", "", 500);
        history.note(application(1), "restored", "monday", 90);
        history.note(application(2), "thawed", "sunday", 4);

        assertEquals(
                List.of(new Start("node-1", 7, "cold", "", 500),
                        new Start("node-1", 7, "restored", "monday", 90)),
                history.of(application(1)));
        assertEquals(List.of(), history.of(application(3)));
    }

    @Test
    void ofEachApplicationTheLastAreKept() {
        for (int number = 0; number < StartHistory.STARTS_MAX + 10; number++) {
            history.note(application(1), "cold", "", number);
        }
        List<Start> kept = history.of(application(1));
        assertEquals(StartHistory.STARTS_MAX, kept.size());
        assertEquals(10, kept.getFirst().firstByteMicros());
    }

    @Test
    void ofManyApplicationsThoseThatStartedLongestAgoAreForgotten() {
        for (int number = 0; number < StartHistory.APPLICATIONS_MAX + 1; number++) {
            history.note(application(number), "cold", "", 1);
        }
        assertEquals(List.of(), history.of(application(0)));
        assertEquals(1, history.of(application(1)).size());
    }
}
