package io.holdfast.chaos.sandbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What could not be tried on this host, counted and said aloud: a skip that nobody sees is a gap in the
/// proof. Guarded by a lock.
public final class Skips {
    private static final Logger LOG = LoggerFactory.getLogger(Skips.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> reasons = new ArrayList<>();

    /// Writes the skip down and logs it.
    public void add(String what, String reason) {
        lock.lock();
        try {
            reasons.add(what + ": " + reason);
            LOG.warn("skipped {}, reason={}, skipCount={}", what, reason, reasons.size());
        } finally {
            lock.unlock();
        }
    }

    /// Whether the capability is there; if not, the skip is written down.
    public boolean has(Capability capability, String what) throws IOException, InterruptedException {
        boolean isThere = capability.isThere();
        if (!isThere) {
            add(what, capability.missing());
        }
        return isThere;
    }

    public List<String> reasons() {
        lock.lock();
        try {
            return List.copyOf(reasons);
        } finally {
            lock.unlock();
        }
    }
}
