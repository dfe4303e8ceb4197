package io.holdfast.chaos.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkFaultsTest {
    private static final Link AB = new Link("a", "b");

    private final RecordingWire wire = new RecordingWire();
    private final LinkFaults faults = new LinkFaults(wire);

    @Test
    void faultsOnOneLinkAddUpAndGoOneByOne() throws Exception {
        LinkFaults.Laid loss = faults.lay(Map.of(AB, LinkCondition.lossy(100)));
        LinkFaults.Laid cut = faults.lay(Map.of(AB, LinkCondition.CUT));
        assertEquals(Map.of(AB, LinkCondition.lossy(100).and(LinkCondition.CUT)), wire.conditions);
        cut.remove();
        assertEquals(Map.of(AB, LinkCondition.lossy(100)), wire.conditions);
        loss.remove();
        assertEquals(Map.of(), wire.conditions);
    }

    @Test
    void narrowerBandwidthWins() {
        LinkCondition both = LinkCondition.narrow(1_000).and(LinkCondition.narrow(50));
        assertEquals(50, both.bitsPerSecond());
        assertEquals(1_000, LinkCondition.GOOD.and(LinkCondition.narrow(1_000)).bitsPerSecond());
    }

    @Test
    void faultThatTheWireCannotDoIsNotKept() throws Exception {
        wire.isSwitch = false;
        assertThrows(UnsupportedOperationException.class,
                () -> faults.lay(Map.of(AB, LinkCondition.slow(1, 0))));
        faults.lay(Map.of(AB, LinkCondition.CUT));
        assertEquals(Map.of(AB, LinkCondition.CUT), wire.conditions);
    }

    @Test
    void faultIsTakenAwayOnce() throws Exception {
        LinkFaults.Laid cut = faults.lay(Map.of(AB, LinkCondition.CUT));
        cut.remove();
        assertThrows(IllegalStateException.class, cut::remove);
    }

    private static final class RecordingWire implements Wire {
        private Map<Link, LinkCondition> conditions = new HashMap<>();
        private boolean isSwitch = true;

        @Override
        public void set(Map<Link, LinkCondition> newConditions) {
            if (!isSwitch && newConditions.values().stream().anyMatch(LinkCondition::needsSwitch)) {
                throw new UnsupportedOperationException("no switch");
            }
            conditions = newConditions;
        }

        @Override
        public void close() {}
    }
}
