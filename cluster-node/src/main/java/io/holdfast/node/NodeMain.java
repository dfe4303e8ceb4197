package io.holdfast.node;

import io.holdfast.consensus.ratis.LedgerServer;
import io.holdfast.node.bootstrap.DirectoryLock;
import io.holdfast.node.config.InvalidConfigException;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.config.NodeConfigFile;
import io.holdfast.node.http.contract.ApiContract;
import io.holdfast.node.identity.KeyPairs;
import io.holdfast.node.lifecycle.EarlyWork;
import io.holdfast.node.lifecycle.TemporaryFolder;
import io.holdfast.node.logging.NodeLogging;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The entry point of the node process: `NodeMain --config FILE`. Ends with 0 after an orderly stop
/// (SIGTERM, SIGINT), 2 if the command line or the configuration is wrong, 1 if the node cannot start or
/// stops for good.
public final class NodeMain {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final Duration PREDECESSOR_GONE_WITHIN = Duration.ofSeconds(3);

    private final CountDownLatch stopped = new CountDownLatch(1);

    private NodeMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(NodeMain.class);
        if (arguments.length != 2 || !"--config".equals(arguments[0])) {
            log.error("the node is started with: --config FILE");
            System.exit(MISUSED);
            return;
        }
        EarlyWork.begin(List.of(KeyPairs::prepare));
        EarlyWork.begin(List.of(
                LedgerServer::loadLibraries,
                ManagementFactory::getPlatformMBeanServer,
                ApiContract::ofThisBuild));
        try {
            NodeConfigFile file = NodeConfigFile.load(Path.of(arguments[1]));
            if (!isAlone(file.config().dataDirectory(), log)) {
                System.exit(FAILED);
                return;
            }
            TemporaryFolder.use(file.config().dataDirectory());
            NodeLogging.install(file.config());
            file.listing().forEach(line -> log.info("configuration: {}", line));
            new NodeMain().run(file.config());
        } catch (InvalidConfigException | IOException wrong) {
            log.error("the configuration cannot be used: {}", wrong.getMessage());
            System.exit(MISUSED);
        }
    }

    /// Whether no other process runs a node on the data directory; none can until this one ends.
    private static boolean isAlone(Path dataDirectory, Logger log) {
        try {
            var _ = DirectoryLock.acquire(dataDirectory, PREDECESSOR_GONE_WITHIN, System::nanoTime);
            return true;
        } catch (IOException taken) {
            log.error("the node cannot start: {}", Failures.chainOf(taken));
            return false;
        }
    }

    private void run(NodeConfig config) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(NodeMain.class);
        NodeAssembly node;
        try {
            node = NodeAssembly.open(config);
        } catch (IOException | RuntimeException failure) {
            log.error("the node cannot start: {}", Failures.chainOf(failure), failure);
            NodeLogging.shutdown();
            System.exit(FAILED);
            return;
        }
        Runtime.getRuntime().addShutdownHook(
                Thread.ofPlatform().name("stop").unstarted(() -> stop(node, log)));
        node.onFailed(_ -> Thread.ofPlatform().name("failed").start(() -> System.exit(FAILED)));
        stopped.await();
    }

    private void stop(NodeAssembly node, Logger log) {
        try {
            node.close();
        } catch (RuntimeException failure) {
            log.error("the node did not stop cleanly: {}", Failures.chainOf(failure), failure);
        }
        NodeLogging.shutdown();
        stopped.countDown();
    }
}
