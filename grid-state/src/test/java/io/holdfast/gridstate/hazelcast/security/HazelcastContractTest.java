package io.holdfast.gridstate.hazelcast.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.internal.cluster.impl.JoinMessage;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.server.ServerContext;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Turns red when the vendor's version moves: the internals below must then be read again, and the tests of
/// admission run, before the constant follows.
final class HazelcastContractTest {
    @Test
    void theVersionIsTheOneTheInternalsWereReadIn() {
        assertEquals(
                SecuredNodeExtension.HAZELCAST_VERSION,
                BuildInfoProvider.getBuildInfo().getVersion());
    }

    @Test
    void theOverriddenMethodsAreThere() throws NoSuchMethodException {
        assertEquals(
                Function.class,
                DefaultNodeExtension.class
                        .getMethod("createChannelInitializerFn", ServerContext.class)
                        .getReturnType());
        assertTrue(Modifier.isPublic(DefaultNodeExtension.class
                .getMethod("validateJoinRequest", JoinMessage.class)
                .getModifiers()));
    }

    @Test
    void handlersHaveTheThreeAnswersTheCodecRelyOn() throws NoSuchMethodException {
        assertEquals(
                List.of("CLEAN", "DIRTY", "BLOCKED"),
                Stream.of(HandlerStatus.values()).map(Enum::name).toList());
        assertEquals(HandlerStatus.class, InboundHandler.class.getMethod("onRead").getReturnType());
        assertEquals(HandlerStatus.class, OutboundHandler.class.getMethod("onWrite").getReturnType());
    }
}
