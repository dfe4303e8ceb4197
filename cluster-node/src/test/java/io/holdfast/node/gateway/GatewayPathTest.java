package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class GatewayPathTest {
    @Test
    void whatFollowsTheNameIsPassedOnAsItCame() {
        ApplicationKey shop = new ApplicationKey("default", "shop");
        assertEquals(parsed(shop, "/apps/shop", "/"), GatewayPath.parse("/apps/shop"));
        assertEquals(parsed(shop, "/apps/shop", "/"), GatewayPath.parse("/apps/shop/"));
        assertEquals(parsed(shop, "/apps/shop", "/?a=b"), GatewayPath.parse("/apps/shop?a=b"));
        assertEquals(
                parsed(shop, "/apps/shop", "/%2e%2e//x/../y?z"),
                        GatewayPath.parse("/apps/shop/%2e%2e//x/../y?z"));
        assertEquals(
                parsed(new ApplicationKey("acme", "shop"), "/apps/acme~shop", "/x"),
                GatewayPath.parse("/apps/acme~shop/x"));
    }

    @Test
    void whatNamesNoApplicationIsNone() {
        for (String target : List.of(
                "/apps/", "/apps", "/apps//x", "/apps/~x/", "/apps/A/", "/v1/apps/x", "")) {
            assertEquals(Optional.empty(), GatewayPath.parse(target), target);
        }
    }

    @Test
    void anyTextIsAPathOrNone() {
        SplittableRandom random = new SplittableRandom(3);
        String letters = "abz09.-_~/?%&\0é ";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder target = new StringBuilder("/apps/");
            for (int length = random.nextInt(12); length > 0; length--) {
                target.append(letters.charAt(random.nextInt(letters.length())));
            }
            GatewayPath.parse(target.toString()).ifPresent(path -> assertTrue(path.rest().startsWith("/")));
        }
    }

    private static Optional<GatewayPath> parsed(ApplicationKey key, String prefix, String rest) {
        return Optional.of(new GatewayPath(key, prefix, rest));
    }
}
