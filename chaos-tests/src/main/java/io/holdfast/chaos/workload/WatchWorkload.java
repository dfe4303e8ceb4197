package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.WatchEvent;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One watch of the settings, resumed at any node whenever its stream ends. One thread follows; what was seen
/// is guarded by a lock.
final class WatchWorkload {
    private static final Logger LOG = LoggerFactory.getLogger(WatchWorkload.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final NodeApi api;
    private final List<String> addresses;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<WatchEvent> seen = new ArrayList<>();
    private final StringBuilder event = new StringBuilder();
    private String position = "";
    private volatile boolean isStopped;
    private volatile boolean wasReset;
    private long versionMax;

    WatchWorkload(NodeApi api, List<String> addresses, RandomGenerator random) {
        this.api = api;
        this.addresses = List.copyOf(addresses);
        this.random = random;
    }

    /// Follows until stopped.
    void run() throws InterruptedException {
        while (!isStopped) {
            String address = addresses.get(random.nextInt(addresses.size()));
            String after = position.isEmpty() ? "" : "&after=" + position;
            event.setLength(0);
            api.follow(address, "/v1/watch?catalog=settings" + after, this::take);
            Pause.REAL.of(RETRY_PAUSE);
        }
    }

    void stop() {
        isStopped = true;
    }

    /// Whether some node no longer had the changes that were due: a gap that the API declares.
    boolean wasReset() {
        return wasReset;
    }

    boolean isBegun() {
        lock.lock();
        try {
            return !position.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it has come to a change that made this version of a record, or a later one.
    boolean hasCome(long version) {
        lock.lock();
        try {
            return versionMax >= version;
        } finally {
            lock.unlock();
        }
    }

    List<WatchEvent> seen() {
        lock.lock();
        try {
            return List.copyOf(seen);
        } finally {
            lock.unlock();
        }
    }

    /// One line of the stream (WHATWG HTML, server-sent events): an empty one ends an event.
    void take(String line) {
        if (!line.isEmpty()) {
            event.append(line).append('\n');
            return;
        }
        String text = event.toString();
        event.setLength(0);
        String id = field(text, "id: ");
        if (!id.isEmpty()) {
            lock.lock();
            try {
                finish(id, field(text, "event: "), field(text, "data: "));
            } finally {
                lock.unlock();
            }
        }
    }

    private void finish(String id, String kind, String body) {
        position = id;
        if (kind.equals("reset")) {
            wasReset = true;
        }
        if (kind.equals("change")) {
            int dot = id.indexOf('.');
            seen.add(new WatchEvent(Long.parseLong(id.substring(0, dot)),
                    Integer.parseInt(id.substring(dot + 1)), content(body)));
            versionMax = Math.max(versionMax, version(body));
        }
    }

    /// Of the record that was written; 0 for a removal.
    private static long version(String body) {
        try {
            return Json.parse(body).member("version").isPresent() ? Json.parse(body).number("version") : 0;
        } catch (InvalidJsonException e) {
            LOG.error("a watch sent something else than JSON", e);
            return 0;
        }
    }

    /// `key=value`, or `key` for a removal.
    private static String content(String body) {
        try {
            Json change = Json.parse(body);
            String key = change.text("key");
            return change.member("record").flatMap(entry -> entry.member("value"))
                    .map(text -> text instanceof Json.Text(String value) ? key + "=" + value : key)
                    .orElse(key);
        } catch (InvalidJsonException e) {
            LOG.error("a watch sent something else than JSON", e);
            return body;
        }
    }

    private static String field(String event, String name) {
        return event.lines().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(name.length()))
                .orElse("");
    }
}
