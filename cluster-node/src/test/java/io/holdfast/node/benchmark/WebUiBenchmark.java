package io.holdfast.node.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.browser.BrowserRun;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.local.LocalCluster;
import io.holdfast.node.cli.output.CliException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The web UI of a running local cluster in the host's own Chromium: first views, the longest task while
/// people filter, sort and scroll, and memory over minutes of live updates.
///
/// Arguments: a local cluster's directory, first views, minutes of live updates. [CatalogSeed] fills the
/// catalogs before.
public final class WebUiBenchmark {
    private static final int CHANGE_MILLIS = 1_000;
    private static final int PAGE_MINUTES = 1;

    /// Pages that are open in turn while changes come; each is seen again and again.
    private static final List<String> LIVE_PLACES = List.of(
            "", "settings", "volumes", "snapshots", "nodes", "events",
            "applications/tenant-0%2Fshop-0000");

    private final BrowserRun run;
    private final ApiClient client;

    private WebUiBenchmark(BrowserRun run, ApiClient client) {
        this.run = run;
        this.client = client;
    }

    public static void main(String[] arguments) throws Exception {
        LocalCluster cluster = LocalCluster.open(Path.of(arguments[0]));
        try (ApiClient client = new ApiClient(cluster.access(), Duration.ofSeconds(20));
                BrowserRun run = BrowserRun.start("https://" + cluster.access().endpoints().getFirst())) {
            WebUiBenchmark benchmark = new WebUiBenchmark(run, client);
            benchmark.logIn();
            benchmark.firstViews(Integer.parseInt(arguments[1]));
            benchmark.work();
            benchmark.live(Integer.parseInt(arguments[2]));
        }
    }

    private void logIn() throws CliException {
        run.logIn(client.call(ApiRequest.post("/login-links")).path("path").asText());
    }

    private void firstViews(int count) {
        for (int number = 0; number < count; number++) {
            BrowserRun.FirstView view = run.firstView("");
            print(String.format(
                    Locale.ROOT,
                    "first view: interactiveMillis=%.0f paintMillis=%.0f requests=%d bytes=%d slowest=%s",
                    view.interactiveMillis(), view.paintMillis(), view.requests(), view.transferredBytes(),
                    view.slowest()));
        }
    }

    /// What people do on long lists.
    private void work() {
        for (String place : List.of("volumes", "snapshots", "catalogs/snapshots", "nodes")) {
            run.open(place);
            run.forgetTasks();
            for (String text : List.of("s", "shop-00", "blog")) {
                run.type(text);
            }
            run.type("");
            run.sort();
            run.scroll();
            print(String.format(
                    Locale.ROOT,
                    "filtering, sorting, scrolling: page=%s longestTaskMillis=%.0f tasksOver50Millis=%d",
                    place, run.longestTaskMillis(), run.longTasks()));
        }
    }

    private void live(int minutes) {
        ScheduledExecutorService changes = Executors.newSingleThreadScheduledExecutor();
        try {
            var _ = changes.scheduleWithFixedDelay(this::change, 0, CHANGE_MILLIS, TimeUnit.MILLISECONDS);
            for (int minute = 0; minute < minutes; minute++) {
                String place = LIVE_PLACES.get(minute / PAGE_MINUTES % LIVE_PLACES.size());
                run.open(place);
                run.forgetTasks();
                run.stay(Duration.ofMinutes(1));
                BrowserRun.Memory memory = run.memory();
                print(String.format(
                        Locale.ROOT,
                        "live: minute=%d page=%s heapBytes=%d nodes=%d listeners=%d longestTaskMillis=%.0f",
                        minute + 1, place.isEmpty() ? "overview" : place, memory.heapBytes(), memory.nodes(),
                        memory.listeners(), run.longestTaskMillis()));
            }
        } finally {
            changes.shutdownNow();
        }
    }

    /// One change of what the open page follows, mostly.
    private void change() {
        try {
            ObjectNode setting = JsonNodeFactory.instance.objectNode();
            setting.put("value", Long.toString(System.nanoTime()));
            client.call(ApiRequest.put("/settings/web-ui-benchmark", setting));
            ObjectNode protection = JsonNodeFactory.instance.objectNode();
            protection.put("protected", System.nanoTime() % 2 == 0);
            String snapshot = ApiRequest.segment("tenant-0/shop-0000/s-000");
            client.call(ApiRequest.put("/snapshots/" + snapshot + "/protection", protection));
        } catch (CliException failed) {
            print("change failed: reason=" + failed.getMessage());
        }
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void print(String line) {
        System.out.println(line);
    }
}
