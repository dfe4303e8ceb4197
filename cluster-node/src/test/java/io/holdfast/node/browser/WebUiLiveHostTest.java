package io.holdfast.node.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.benchmark.CatalogSeed;
import io.holdfast.node.cli.InProcess;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.testing.HoldfastProgram;
import io.holdfast.node.testing.RunningCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Pages that stay open for long while changes come every second: after a collection, what a page holds is
/// the same an hour later. One person stays at the overview, another goes from page to page, a minute each.
///
/// Played on request, for `-Dholdfast.ui.minutes=60`; from half an hour on it judges, before that it tells.
@Tag("host")
@Isolated("a browser sees the networks of containers come and go")
final class WebUiLiveHostTest {
    private static final int MINUTES = Integer.getInteger("holdfast.ui.minutes", 0);
    private static final int JUDGED_FROM_MINUTES = 30;
    private static final long CHANGE_MILLIS = 1_000;
    private static final double GROWTH_MAX = 1.15;
    private static final long HEAP_SLACK_BYTES = 1 << 20;
    private static final long COUNT_SLACK = 60;
    private static final String HEAP = "heapBytes";

    private static final List<String> PLACES = List.of(
            "events", "settings", "volumes", "snapshots", "nodes", "nodes/node-1", "applications",
            "applications/tenant-0%2Fshop-0000", "catalogs/settings", "audit");

    @TempDir
    private static Path directory;

    /// A look at a page.
    private record Sample(int minute, String place, BrowserRun.Memory memory) {}

    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    @Test
    @Timeout(value = 90, unit = TimeUnit.MINUTES)
    void whatAPageHoldsIsSteadyWhileChangesCome() throws Exception {
        HostTool.requireThat(MINUTES > 0, "pages under live updates: -Dholdfast.ui.minutes=60 asks for it");
        HostTool.require("chromium");
        HoldfastProgram.requireBuilt();
        RunningCluster cluster = RunningCluster.start(directory);
        try {
            CatalogSeed.main(new String[] {cluster.data("node-1").toString(), "0", "60", "500"});
            play(cluster);
        } finally {
            cluster.stop();
        }
    }

    private void play(RunningCluster cluster) throws Exception {
        List<Sample> staying = new ArrayList<>();
        List<Sample> going = new ArrayList<>();
        ScheduledExecutorService changing = Executors.newSingleThreadScheduledExecutor();
        try (ApiClient client = new ApiClient(LocalCluster.open(directory).access(), Duration.ofSeconds(20));
                BrowserRun stays = BrowserRun.start(cluster.origin("node-1"));
                BrowserRun goes = stays.beside()) {
            logIn(stays);
            logIn(goes);
            stays.open("");
            var _ = changing.scheduleWithFixedDelay(
                    () -> change(client), 0, CHANGE_MILLIS, TimeUnit.MILLISECONDS);
            for (int minute = 0; minute < MINUTES; minute++) {
                String place = PLACES.get(minute % PLACES.size());
                goes.open(place);
                goes.stay(Duration.ofMinutes(1));
                staying.add(told(new Sample(minute, "", stays.memory())));
                going.add(told(new Sample(minute, place, goes.memory())));
            }
            changing.shutdownNow();
            stays.assertFaultless();
            goes.assertFaultless();
        } finally {
            changing.shutdownNow();
        }
        if (MINUTES >= JUDGED_FROM_MINUTES) {
            assertEquals(List.of(), judged(staying, going));
        }
    }

    private void logIn(BrowserRun person) throws Exception {
        String link = InProcess.json(directory, "login").path("link").asText();
        person.logIn(link.substring(link.indexOf("/login?")));
    }

    /// The last look at each page against the one of the second round; the first round has loaded everything.
    private static List<String> judged(List<Sample> staying, List<Sample> going) {
        List<String> grown = new ArrayList<>();
        int middle = staying.size() / 2;
        grown.addAll(growth(least(staying.subList(middle / 2, middle)),
                least(staying.subList(middle + middle / 2, staying.size()))));
        for (String place : PLACES) {
            List<Sample> looks = going.stream().filter(one -> one.place().equals(place)).toList();
            if (looks.size() > 2) {
                grown.addAll(growth(looks.get(1), looks.getLast()));
            }
        }
        return grown;
    }

    /// What a page holds at least: now and then a look falls into a refresh.
    private static Sample least(List<Sample> looks) {
        return looks.stream()
                .min((left, right) -> Long.compare(left.memory().heapBytes(), right.memory().heapBytes()))
                .orElseThrow();
    }

    private static List<String> growth(Sample before, Sample after) {
        Map<String, Long> then = figures(before.memory());
        Map<String, Long> now = figures(after.memory());
        return then.keySet().stream()
                .filter(name -> now.get(name)
                        > then.get(name) * GROWTH_MAX + (name.equals(HEAP) ? HEAP_SLACK_BYTES : COUNT_SLACK))
                .map(name -> "#/" + after.place() + " " + name + " from " + then.get(name) + " in minute "
                        + before.minute() + " to " + now.get(name) + " in minute " + after.minute())
                .toList();
    }

    private static Map<String, Long> figures(BrowserRun.Memory memory) {
        return Map.of(HEAP, memory.heapBytes(), "nodes", memory.nodes(), "listeners", memory.listeners());
    }

    @SuppressWarnings("SystemOut") // Who asks for an hour wants to see where it is.
    private Sample told(Sample sample) {
        BrowserRun.Memory memory = sample.memory();
        System.out.println(String.format(
                Locale.ROOT,
                "live: minute=%d page=#/%s heapBytes=%d nodes=%d listeners=%d changes=%d failures=%d",
                sample.minute() + 1, sample.place(), memory.heapBytes(), memory.nodes(), memory.listeners(),
                changes.get(), failures.get()));
        return sample;
    }

    /// Changes of what most pages show.
    private void change(ApiClient client) {
        int number = changes.incrementAndGet();
        try {
            client.call(ApiRequest.put("/settings/live-" + number % 20,
                    JsonNodeFactory.instance.objectNode().put("value", Integer.toString(number))));
            String snapshot = ApiRequest.segment("tenant-0/shop-0000/s-00" + number % 10);
            client.call(ApiRequest.put("/snapshots/" + snapshot + "/protection",
                    JsonNodeFactory.instance.objectNode().put("protected", number / 10 % 2 == 0)));
        } catch (CliException _) {
            failures.incrementAndGet();
        }
    }
}
