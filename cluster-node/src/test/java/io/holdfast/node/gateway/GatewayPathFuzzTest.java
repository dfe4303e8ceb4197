package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Any target of a request is a link to an application or to none.
class GatewayPathFuzzTest {
    @FuzzTest
    void target(byte[] bytes) {
        String target = new String(bytes, StandardCharsets.ISO_8859_1);
        Optional<GatewayPath> path = GatewayPath.parse(target);
        if (path.isPresent()) {
            assertTrue(target.startsWith(path.get().prefix()));
            assertTrue(path.get().rest().startsWith("/"));
            assertEquals(path, GatewayPath.parse(target));
        }
    }
}
