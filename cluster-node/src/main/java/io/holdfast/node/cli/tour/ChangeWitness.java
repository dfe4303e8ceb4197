package io.holdfast.node.cli.tour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.client.ChangeFollower;
import io.holdfast.node.cli.client.EventStream.Event;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Watches the settings and counts how often each of the tour's entries was seen to change. Concurrent: a
/// thread of its own listens.
final class ChangeWitness implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, Integer> sightings = new ConcurrentHashMap<>();
    private final ChangeFollower follower;
    private final Thread listener;
    private volatile String trouble = "";

    private ChangeWitness(ChangeFollower follower) {
        this.follower = follower;
        this.listener = Thread.ofVirtual().name("tour-witness").unstarted(this::listen);
    }

    /// Begins to listen; everything that happens afterwards is seen.
    static ChangeWitness at(ApiClient client) throws CliException, InterruptedException {
        ChangeFollower follower =
                new ChangeFollower(client, ApiRequest.get("/watch").withQuery("catalog", "settings"), "");
        follower.connect();
        ChangeWitness witness = new ChangeWitness(follower);
        witness.listener.start();
        return witness;
    }

    /// Waits until so many entries were seen, or the patience has run out.
    void awaitSightings(int count, Duration patience) throws InterruptedException {
        Pause.until(() -> sightings.size() >= count || !trouble.isEmpty(), LOOK_EVERY, patience);
    }

    int seenCount() {
        return sightings.size();
    }

    /// Entries that were seen more than once.
    long repeatedCount() {
        return sightings.values().stream().filter(times -> times > 1).count();
    }

    /// How many nodes it has listened to, one after the other.
    int connectionCount() {
        return follower.connectionCount();
    }

    /// Why it could not go on; empty if it could.
    String trouble() {
        return trouble;
    }

    private void listen() {
        try {
            for (Optional<Event> event = follower.next(); event.isPresent(); event = follower.next()) {
                note(event.get());
            }
        } catch (CliException | IOException failed) {
            trouble = String.valueOf(failed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Event event) throws IOException {
        if (event.type().equals("reset")) {
            throw new IOException("changes are missing before " + event.id());
        }
        JsonNode change = mapper.readTree(event.text());
        String key = change.path("key").asText();
        if (key.startsWith(FileEntries.PREFIX)) {
            sightings.merge(key, 1, Integer::sum);
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
