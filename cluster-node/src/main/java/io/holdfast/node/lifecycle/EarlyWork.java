package io.holdfast.node.lifecycle;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What can be made before it is needed: for the start native libraries, the platform's management server,
/// documents to compile; for what comes after it calls to link. Done on a thread of its own, one after
/// another, while others go on. Each task fills something that is made once per process, so that who needs it
/// earlier makes it, or waits for it, and who needs it later finds it.
public final class EarlyWork {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyWork.class);

    private EarlyWork() {}

    /// Begins, and does not wait. A task that fails is left to who needs what it makes.
    public static Thread begin(List<Runnable> tasks) {
        return Thread.ofPlatform().daemon().name("early-work").start(() -> tasks.forEach(EarlyWork::attempt));
    }

    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError failure) {
            LOG.debug("left to who needs it: failure={}", failure.toString());
        }
    }
}
