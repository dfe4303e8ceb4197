package io.holdfast.chaos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {
    private final AtomicLong clock = new AtomicLong();
    private final List<Operation<String, String>> heard = new ArrayList<>();
    private final HistoryRecorder<String, String> recorder =
            new HistoryRecorder<>(clock::incrementAndGet, 4, heard::add);

    @Test
    void callsKeepTheOrderOfInvocationAndTheirIntervals() {
        HistoryRecorder<String, String>.Call first = recorder.invoke(1, "k", "a");
        HistoryRecorder<String, String>.Call second = recorder.invoke(2, "k", "b");
        second.ok("done");
        first.failed("refused");
        List<Operation<String, String>> operations = recorder.history().operations();
        assertEquals(List.of("a", "b"), operations.stream().map(Operation::action).toList());
        assertEquals(1, operations.getFirst().invokedNanos());
        assertEquals(4, operations.getFirst().completedNanos());
        assertEquals(List.of("b", "a"), heard.stream().map(Operation::action).toList());
    }

    @Test
    void callWithoutAnswerIsUnknown() {
        recorder.invoke(1, "k", "a");
        History<String, String> history = recorder.history();
        assertEquals(1, history.unknownCount());
        assertTrue(history.operations().getFirst().isUnknown());
    }

    @Test
    void callIsCompletedOnce() {
        HistoryRecorder<String, String>.Call call = recorder.invoke(1, "k", "a");
        call.unknown("timeout");
        assertThrows(IllegalStateException.class, () -> call.ok("late"));
    }

    @Test
    void fullHistoryRefusesMore() {
        for (int i = 0; i < 4; i++) {
            recorder.invoke(1, "k", "a" + i);
        }
        assertThrows(IllegalStateException.class, () -> recorder.invoke(1, "k", "one too many"));
    }
}
