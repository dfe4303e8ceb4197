package io.holdfast.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
    private static final List<String> KNOWN = List.of("port.api", "port.peer", "listen.host");

    @Test
    void aSlipFindsTheNameThatWasMeant() {
        assertEquals(Optional.of("port.api"), NearestName.of("port.apo", KNOWN));
        assertEquals(Optional.of("listen.host"), NearestName.of("listenhost", KNOWN));
    }

    @Test
    void aNameFarFromAllFindsNone() {
        assertEquals(Optional.empty(), NearestName.of("zebra", KNOWN));
        assertEquals(Optional.empty(), NearestName.of("p".repeat(100_000), KNOWN));
    }

    @Test
    void distanceCountsInsertionsDeletionsAndReplacements() {
        assertEquals(3, NearestName.distance("kitten", "sitting"));
        assertEquals(4, NearestName.distance("", "four"));
    }
}
