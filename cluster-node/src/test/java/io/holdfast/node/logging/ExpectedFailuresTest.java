package io.holdfast.node.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

final class ExpectedFailuresTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("library");

    @Test
    void whatIsExpectedIsDroppedHoweverItIsLoggedAndTheRestStays() throws Exception {
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        context.getLogger("library").addAppender(seen);
        context.addTurboFilter(new ExpectedFailures());
        Exception expected = Class.forName("org.apache.ratis.protocol.exceptions.ServerNotReadyException")
                .asSubclass(Exception.class)
                .getConstructor(String.class)
                .newInstance("not yet");

        logger.error("asked too early", expected);
        logger.error("{} asked too early", "n1", expected);
        logger.error("{} {} asked too early", "n1", 1, new CompletionException(expected));
        logger.error("{} {} {} asked too early", "n1", 1, 2, expected);
        logger.error("{} failed", "n1", new IllegalStateException("really"));
        logger.error("without a stack: {}", "n1");

        assertEquals(
                List.of("n1 failed", "without a stack: n1"),
                seen.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }
}
