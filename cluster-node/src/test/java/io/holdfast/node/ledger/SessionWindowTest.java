package io.holdfast.node.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SessionWindowTest {
    private final SessionWindow window = new SessionWindow(new SessionId(1, 2));

    @Test
    void acknowledgesOnlyWithoutAGap() {
        for (int i = 1; i <= 3; i++) {
            assertEquals(i, window.admit(new byte[1]).sequence());
        }
        window.settle(2);
        assertEquals(0, window.acknowledged());
        window.settle(1);
        assertEquals(2, window.acknowledged());
        assertEquals(2, window.admit(new byte[1]).acknowledged());
    }

    @Test
    void refusesWhenTheWindowIsFull() {
        for (int i = 0; i < Proposal.OUTSTANDING_MAX; i++) {
            window.admit(new byte[1]);
        }
        assertThrows(UnavailableException.class, () -> window.admit(new byte[1]));
        window.settle(1);
        assertEquals(Proposal.OUTSTANDING_MAX + 1L, window.admit(new byte[1]).sequence());
    }

    @Test
    void anyOrderOfAnswersEndsWithAllAcknowledged() {
        long seed = 20_251_121;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int count = 1 + random.nextInt(Proposal.OUTSTANDING_MAX);
            List<Long> sequences = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sequences.add(window.admit(new byte[1]).sequence());
            }
            Collections.shuffle(sequences, random);
            sequences.forEach(window::settle);
            assertEquals(Collections.max(sequences), window.acknowledged(), "seed=" + seed);
        }
    }
}
