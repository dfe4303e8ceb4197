package io.holdfast.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/// Drops what libraries report as an error, with a stack, although it is the course of things.
final class ExpectedFailures extends TurboFilter {
    /// A peer that has just opened its port is asked too early, and again.
    private static final Set<String> NAMES =
            Set.of("org.apache.ratis.protocol.exceptions.ServerNotReadyException");

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        Throwable told = failure != null ? failure : last(parameters);
        while (told instanceof CompletionException && told.getCause() != null) {
            told = told.getCause();
        }
        boolean isExpected = told != null && NAMES.contains(told.getClass().getName());
        return isExpected ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    /// A failure given behind what the format names.
    private static @Nullable Throwable last(Object @Nullable [] parameters) {
        if (parameters == null || parameters.length == 0) {
            return null;
        }
        return parameters[parameters.length - 1] instanceof Throwable last ? last : null;
    }
}
