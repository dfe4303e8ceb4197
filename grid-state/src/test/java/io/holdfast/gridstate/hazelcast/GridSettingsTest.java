package io.holdfast.gridstate.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hazelcast.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GridSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":1", "a b:1", "1.2.3.*:5", "h:1,h:2"})
    void anAddressIsAHostAndAPort(String address) {
        assertThrows(
                IllegalArgumentException.class,
                () -> GridSettings.of("c", "n1", "127.0.0.1", 5_000, List.of(address)));
    }

    @Test
    void oneEndpointIsOpenedAndItIsForMembers() throws Exception {
        GridSettings settings =
                GridSettings.of("c", "n1", "127.0.0.1", 5_000, List.of("127.0.0.1:5000", "[::1]:5001"));
        Config config = MemberConfig.of(settings, "test");
        assertEquals(1, config.getAdvancedNetworkConfig().getEndpointConfigs().size());
        assertFalse(config.getAdvancedNetworkConfig().getJoin().getMulticastConfig().isEnabled());
        assertFalse(config.getAdvancedNetworkConfig().getJoin().isAutoDetectionEnabled());
        assertFalse(config.getJetConfig().isEnabled());
        assertEquals("false", config.getProperty("hazelcast.phone.home.enabled"));
        assertNull(config.getConfigurationFile());
    }
}
