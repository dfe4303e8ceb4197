package io.holdfast.chaos.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final List<Integer> delivered = new ArrayList<>();
    private final DelayQueue delayed = new DelayQueue((_, _, _) -> {});

    private Lane lane(long seed) {
        return new Lane(new SplittableRandom(seed), () -> 0L);
    }

    private List<Integer> passHundred(Lane lane, LinkCondition condition) {
        delivered.clear();
        lane.set(condition);
        for (int i = 0; i < 100; i++) {
            byte[] frame = new byte[64];
            frame[20] = (byte) i;
            lane.pass(frame, frame.length, 2, (_, bytes, _) -> delivered.add((int) bytes[20]), delayed);
        }
        return List.copyOf(delivered);
    }

    @Test
    void goodLinkDeliversEverythingAtOnce() {
        assertEquals(100, passHundred(lane(1), LinkCondition.GOOD).size());
    }

    @Test
    void cutLinkDeliversNothing() {
        assertEquals(List.of(), passHundred(lane(1), LinkCondition.CUT));
    }

    @Test
    void sameSeedLosesTheSameFrames() {
        List<Integer> first = passHundred(lane(7), LinkCondition.lossy(300));
        assertTrue(first.size() > 40 && first.size() < 100, "delivered " + first.size());
        assertEquals(first, passHundred(lane(7), LinkCondition.lossy(300)));
        assertFalse(first.equals(passHundred(lane(8), LinkCondition.lossy(300))));
    }

    @Test
    void onlySegmentsThatCloseAConnectionAreRecognised() {
        byte[] frame = new byte[60];
        frame[12] = 0x08;
        frame[14] = 0x45;
        frame[23] = 6;
        frame[47] = 0x10;
        assertFalse(Lane.isClose(frame, frame.length), "ACK");
        frame[47] = 0x11;
        assertTrue(Lane.isClose(frame, frame.length), "FIN, ACK");
        frame[47] = 0x04;
        assertTrue(Lane.isClose(frame, frame.length), "RST");
        frame[23] = 17;
        assertFalse(Lane.isClose(frame, frame.length), "UDP");
        assertFalse(Lane.isClose(frame, 20), "runt");
    }
}
