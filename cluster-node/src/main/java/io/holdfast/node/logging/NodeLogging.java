package io.holdfast.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.holdfast.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Sends the log to a file in the node's data directory, bounded in size and number, and to the console
/// where the configuration says so. Called once, before anything else logs.
public final class NodeLogging {
    private static final String LINE =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} [%thread] %msg%n%ex";

    /// Libraries that tell more than an operator wants to read: their warnings stay, and at the levels DEBUG
    /// and TRACE what they do is told too.
    private static final List<String> TALKATIVE =
            List.of("com.hazelcast", "org.apache.ratis", "io.netty", "io.vertx");

    /// What warns of intended things at each start: a detector that is switched off, gauges that Vert.x
    /// registers once per event loop, hosts without a hardware address.
    private static final List<String> NEEDLESSLY_WARNING = List.of(
            "com.hazelcast.spi.impl.operationexecutor.slowoperationdetector",
            "io.micrometer.core.instrument.MeterRegistry",
            "io.netty.util.internal.MacAddressUtil",
            "org.apache.ratis.thirdparty.io.netty.util.internal.MacAddressUtil");

    private NodeLogging() {}

    /// Installs the configured log and says where its file is.
    public static Path install(NodeConfig config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.addTurboFilter(new ExpectedFailures());
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        Level level = Level.toLevel(config.logging().level(), Level.INFO);
        context.getLogger("io.holdfast").setLevel(level);
        Level libraries = Level.DEBUG.isGreaterOrEqual(level) ? Level.INFO : Level.WARN;
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(libraries));
        NEEDLESSLY_WARNING.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        Path file = config.dataDirectory().resolve("log").resolve("node.log");
        root.addAppender(toFile(context, file, config.logging()));
        if (config.logging().console()) {
            root.addAppender(start(context, new ConsoleAppender<>()));
        }
        return file;
    }

    private static RollingFileAppender<ILoggingEvent> toFile(
            LoggerContext context, Path file, NodeConfig.Logging logging) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file.toString());
        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(file + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(Math.max(1, logging.filesMax() - 1));
        window.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(logging.fileBytesMax()));
        size.start();
        appender.setRollingPolicy(window);
        appender.setTriggeringPolicy(size);
        return start(context, appender);
    }

    private static <A extends OutputStreamAppender<ILoggingEvent>> A start(
            LoggerContext context, A appender) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    /// Writes out what is buffered, at the very end of the process.
    public static void shutdown() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
