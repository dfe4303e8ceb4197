package io.holdfast.node.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.options.ColorScheme;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.benchmark.CatalogSeed;
import io.holdfast.node.cli.InProcess;
import io.holdfast.node.testing.HoldfastProgram;
import io.holdfast.node.testing.RunningCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A cluster with something on every page, and a browser for all who visit it. Confined to the test's thread.
final class UiStage {
    /// What a script would be, if anything were written as markup.
    static final String HOSTILE = "<img src=x onerror=alert(1)>";

    /// An application with fifty snapshots, as it is written in an address.
    static final String SEEDED = "tenant-0%2Fshop-0000";

    /// Every page, by its place behind the `#`.
    static final List<String> PLACES = List.of(
            "", "nodes", "nodes/node-1", "operations", "events", "volumes", "volumes/db", "applications",
            "applications/default%2Fshop", "applications/" + SEEDED, "snapshots",
            "snapshots/" + SEEDED + "%2Fs-001", "catalogs", "catalogs/nodes", "catalogs/nodes/node-1",
            "images", "leases", "settings", "access", "access/join-tokens", "access/users/eve", "audit");

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 900;

    private final Path directory;
    private final Browser browser;
    private final RunningCluster cluster;

    private UiStage(Path directory, Browser browser, RunningCluster cluster) {
        this.directory = directory;
        this.browser = browser;
        this.cluster = cluster;
    }

    static UiStage open(Path directory) throws Exception {
        HostTool.require("chromium");
        HoldfastProgram.requireBuilt();
        RunningCluster cluster = RunningCluster.start(directory);
        boolean isReady = false;
        try {
            UiStage stage =
                    new UiStage(directory, Browser.start(Browser.executable().orElseThrow()), cluster);
            stage.fill();
            isReady = true;
            return stage;
        } finally {
            if (!isReady) {
                cluster.stop();
            }
        }
    }

    private void fill() throws Exception {
        json("setting", "set", "note", HOSTILE);
        json("user", "create", "eve", "--role", "viewer");
        json("user", "create", "olga", "--role", "operator");
        json("user", "token", "create", "eve", "--note", HOSTILE);
        json("token", "create");
        json("volume", "create", "db", "--size", "64MiB", "--profile", "2+1");
        json("app", "run", "shop", "--rootfs", "/", "--port", "8080", "--", "/bin/true");
        CatalogSeed.main(new String[] {cluster.data("node-1").toString(), "0", "3", "50"});
    }

    RunningCluster cluster() {
        return cluster;
    }

    /// What a command prints as JSON.
    JsonNode json(String... arguments) throws IOException {
        return InProcess.json(directory, arguments);
    }

    /// Somebody who has not been here before.
    Visit stranger(String node) {
        return browser.visit(cluster.origin(node), ColorScheme.LIGHT, WIDTH, HEIGHT);
    }

    Visit admin(String node) throws IOException {
        return admin(node, ColorScheme.LIGHT);
    }

    /// Comes in by a link of the command line.
    Visit admin(String node, ColorScheme colours) throws IOException {
        Visit visit = browser.visit(cluster.origin(node), colours, WIDTH, HEIGHT);
        visit.logIn(json("login").path("link").asText());
        return visit;
    }

    /// Comes in by pasting a token.
    Visit user(String name) throws IOException {
        Visit visit = stranger("node-1");
        JsonNode token = json("user", "token", "create", name);
        // A page that asks who one is, before one is, gets a 401 that the browser logs.
        visit.expectNodeDown(true);
        visit.page().navigate(cluster.origin("node-1") + "/ui/");
        visit.page().getByLabel("Token").fill(token.path("token").asText());
        visit.button("Log in").click();
        visit.atRest();
        visit.expectNodeDown(false);
        return visit;
    }

    /// Ends the browser and the nodes.
    void close() throws IOException, InterruptedException {
        try {
            browser.close();
        } finally {
            cluster.stop();
        }
    }
}
