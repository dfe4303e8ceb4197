package io.holdfast.node.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.benchmark.CatalogSeed;
import io.holdfast.node.testing.HoldfastProgram;
import io.holdfast.node.testing.RunningCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every page in a real browser, role by role, with a node killed while a page is open.
@Tag("host")
@Timeout(300)
final class WebUiHostTest {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    /// An application with fifty snapshots, as it is written in an address.
    private static final String SEEDED = "tenant-0%2Fshop-0000";

    @TempDir
    private static Path directory;

    private static RunningCluster cluster;
    private static Browser browser;

    @BeforeAll
    static void startClusterAndBrowser() throws Exception {
        HostTool.require("chromium");
        HoldfastProgram.requireBuilt();
        browser = Browser.start(Browser.executable().orElseThrow());
        cluster = RunningCluster.start(directory);
        cluster.json("setting", "set", "note", HOSTILE);
        cluster.json("user", "create", "eve", "--role", "viewer");
        cluster.json("user", "token", "create", "eve", "--note", HOSTILE);
        cluster.json("volume", "create", "db", "--size", "64MiB", "--profile", "2+1");
        cluster.json("app", "run", "shop", "--rootfs", "/", "--port", "8080", "--", "/bin/true");
        CatalogSeed.main(new String[] {cluster.data("node-1").toString(), "0", "3", "50"});
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (cluster != null) {
            cluster.stop();
        }
    }

    private static Visit admin(String node, ColorScheme colours, int width) throws Exception {
        Visit visit = browser.visit(cluster.origin(node), colours, width, 900);
        visit.logIn(cluster.json("login").path("link").asText());
        return visit;
    }

    private static List<String> places() {
        return List.of(
                "", "nodes", "nodes/node-1", "operations", "events", "volumes", "volumes/db", "applications",
                "applications/default%2Fshop", "applications/" + SEEDED, "snapshots",
                "snapshots/" + SEEDED + "%2Fs-001", "catalogs", "catalogs/nodes", "catalogs/nodes/node-1",
                "images", "leases", "settings", "access", "access/join-tokens", "access/users/eve", "audit");
    }

    @Test
    void noPageHasABarrierAnErrorOrARequestToElsewhereInLightAndInDark() throws Exception {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (Visit visit = admin("node-1", colours, 1280)) {
                List<String> barriers = new ArrayList<>();
                for (String place : places()) {
                    visit.open(place);
                    visit.barriers().forEach(one -> barriers.add(colours + " #/" + place + " " + one));
                }
                assertEquals(List.of(), barriers);
                visit.assertFaultless();
            }
        }
    }

    @Test
    void theLoginPageHasNoBarrierAndAForgedTokenIsRefused() throws Exception {
        try (Visit visit = browser.visit(cluster.origin("node-2"), ColorScheme.LIGHT, 1280, 900)) {
            // The browser itself logs the refused calls.
            visit.expectNodeDown(true);
            visit.page().navigate(cluster.origin("node-2") + "/ui/");
            visit.sees("Or with a link");
            assertEquals(List.of(), visit.barriers());
            visit.page().getByLabel("Token").fill("hfu1.forged.forged");
            visit.button("Log in").click();
            visit.page().locator(".problem").waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void aScriptInAnyFieldIsShownAsText() throws Exception {
        cluster.json("node", "maintenance", "node-2", "--reason", HOSTILE);
        cluster.json("snapshot", "condemn", "tenant-0/shop-0000/s-000", "--reason", HOSTILE);
        cluster.json("app", "run", "hostile", "--rootfs", "/" + HOSTILE, "--", HOSTILE);
        try (Visit visit = admin("node-1", ColorScheme.LIGHT, 1280)) {
            for (String place : List.of("settings", "catalogs/settings/note", "nodes/node-2",
                    "access/users/eve", "events", "snapshots/" + SEEDED + "%2Fs-000",
                    "applications/" + SEEDED, "applications", "applications/default%2Fhostile")) {
                visit.open(place);
                visit.sees(HOSTILE);
                assertEquals(0, visit.page().locator("main img").count(), place);
            }
            visit.assertFaultless();
        } finally {
            cluster.json("node", "resume", "node-2");
        }
    }

    @Test
    void aPageSaysThatItIsStaleWhileItsNodeIsDownAndGoesOnByItself() throws Exception {
        try (Visit visit = admin("node-3", ColorScheme.LIGHT, 1280)) {
            visit.open("settings");
            visit.expectNodeDown(true);
            cluster.kill("node-3");
            visit.page().locator(".notice").waitFor();
            visit.page().locator(".live .badge.attention").waitFor();
            assertFalse(visit.page().locator(".notice a").all().isEmpty(), "the other nodes are named");
            cluster.json("setting", "set", "while-away", "seen later");

            cluster.up();
            visit.atRest();
            visit.sees("seen later");
            assertEquals(0, visit.page().locator(".notice").count());
            visit.expectNodeDown(false);
            visit.assertFaultless();
        }
    }

    @Test
    void aPageGoesOnWhileTheLeaderIsKilledAndSaysWhoLeadsThen() throws Exception {
        String leader;
        try (Visit visit = admin("node-1", ColorScheme.LIGHT, 1280)) {
            visit.open("");
            leader = visit.page().locator(".figure-value").first().innerText();
        }
        try (Visit visit = admin(leader.equals("node-1") ? "node-2" : "node-1", ColorScheme.LIGHT, 1280)) {
            visit.open("");
            // Until there is another leader, what needs one is refused, which the browser logs.
            visit.expectNodeDown(true);
            cluster.kill(leader);
            visit.sees(leader + " does not answer");
            visit.page().waitForFunction("(leader) => { const now = document.querySelector('.figure-value');"
                    + " return /^node-/.test(now.textContent) && now.textContent !== leader; }", leader);
            visit.atRest();
            visit.assertFaultless();
        } finally {
            cluster.up();
        }
    }

    @Test
    void noPageIsWiderThanANarrowScreen() throws Exception {
        try (Visit visit = admin("node-2", ColorScheme.LIGHT, 360)) {
            List<String> wide = new ArrayList<>();
            for (String place : places()) {
                visit.open(place);
                int beyond = (int) visit.page().evaluate("() => document.documentElement.scrollWidth"
                        + " - document.documentElement.clientWidth");
                if (beyond > 0) {
                    wide.add("#/" + place + " by " + beyond);
                }
            }
            assertEquals(List.of(), wide);
            visit.assertFaultless();
        }
    }

    @Test
    void aClusterHasALabelAndAColour() throws Exception {
        cluster.json("setting", "set", "ui.label", "production");
        cluster.json("setting", "set", "ui.colour", "magenta");
        try (Visit visit = admin("node-3", ColorScheme.LIGHT, 1280)) {
            visit.page().locator("#cluster-label").getByText("production").waitFor();
            visit.page().locator("html[data-cluster=magenta]").waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void aRecordShowsWhatItsVersionsChanged() throws Exception {
        cluster.json("setting", "set", "past", "before");
        cluster.json("setting", "set", "past", "after");
        try (Visit visit = admin("node-1", ColorScheme.LIGHT, 1280)) {
            visit.open("catalogs/settings/past");
            visit.page().getByText("Show the versions that this node still knows").click();
            visit.sees("before → after");
            assertEquals(List.of(), visit.barriers());
            visit.assertFaultless();
        }
    }

    @Test
    void anOperatorDrainsANodeAfterSeeingWhatIsThereButEvictsNone() throws Exception {
        cluster.json("user", "create", "olga", "--role", "operator");
        try (Visit visit = browser.visit(cluster.origin("node-1"), ColorScheme.LIGHT, 1280, 900)) {
            logIn(visit, "olga");
            visit.open("nodes/node-3");
            assertEquals(List.of("Drain…", "Maintenance…"), actions(visit));
            visit.button("Drain…").click();
            visit.page().locator("dialog").getByText("What will happen").waitFor();
            visit.page().locator("dialog").getByText("goes on voting").waitFor();
            visit.page().locator("dialog .calls").getByText("holdfast node drain node-3").waitFor();
            visit.inDialog("Drain").click();
            visit.act("Resume…", "Resume", Map.of(), "holdfast node resume node-3");
            visit.button("Drain…").waitFor();
            visit.open("access");
            visit.sees("Not for your role");
            visit.assertFaultless();
        }
    }

    @Test
    void aViewerSeesNoActionAndIsRefusedWhatItsPagesDoNotOffer() throws Exception {
        try (Visit visit = browser.visit(cluster.origin("node-1"), ColorScheme.LIGHT, 1280, 900)) {
            logIn(visit, "eve");
            for (String place : List.of("", "nodes/node-1", "volumes", "volumes/db", "applications",
                    "applications/default%2Fshop", "snapshots", "settings", "leases", "operations")) {
                visit.open(place);
                assertEquals(List.of(), actions(visit), "at #/" + place);
                assertEquals(0, visit.page().getByLabel("Actions on").count(), "at #/" + place);
            }
            visit.open("audit");
            visit.sees("Not for your role");
            visit.assertFaultless();
            visit.expectNodeDown(true);
            Object status = visit.page().evaluate("""
                    async () => (await fetch('/v1/settings/forbidden', { method: 'PUT',
                      headers: { 'Content-Type': 'application/json', 'Holdfast-Csrf': '1' },
                      body: '{"value":"x"}' })).status""");
            assertEquals(403, status);
            Object forged = visit.page().evaluate("""
                    async () => (await fetch('/v1/settings/forbidden', { method: 'PUT',
                      headers: { 'Content-Type': 'application/json' }, body: '{"value":"x"}' })).status""");
            assertEquals(403, forged, "without the header that other origins cannot send");
        }
    }

    @Test
    void aVolumeIsMadeSnapshottedClonedProtectedAndDeleted() throws Exception {
        try (Visit visit = admin("node-2", ColorScheme.LIGHT, 1280)) {
            visit.open("volumes");
            visit.act("New volume…", "Create", Map.of("Name", "web", "Size", "64MiB"),
                    "holdfast volume create web --size 64MiB --profile 2+1 --spread node");
            visit.open("volumes/web");
            visit.act("Snapshot…", "Take it", Map.of("Name", "first"), "holdfast volume snapshot web first");
            visit.sees("@first");
            visit.menu("@first");
            visit.act("Clone…", "Clone", Map.of("Name", "web-copy"),
                    "holdfast volume clone web@first web-copy");
            visit.page().locator(".tree").getByText("web-copy").waitFor();
            assertEquals("web/first", cluster.json("volume", "show", "web-copy").path("origin").asText());

            visit.act("Snapshot…", "Take it", Map.of("Name", "second"),
                    "holdfast volume snapshot web second");
            visit.button("Compare what they share").click();
            visit.sees("of its own, shares the other");
            visit.menu("@first");
            visit.act("Roll back…", "Roll back", Map.of("There is no way back", "web"),
                    "holdfast volume rollback web@first");
            visit.act("Resize…", "Resize", Map.of("New size", "128MiB"), "holdfast volume resize web 128MiB");
            visit.sees("128 MiB in blocks");

            visit.open("volumes/web-copy");
            visit.act("Protect…", "Protect", Map.of(), "holdfast volume protect web-copy");
            visit.button("Unprotect…").waitFor();
            assertEquals(0, visit.button("Delete…").count(), "what is protected offers no deletion");
            visit.act("Unprotect…", "Unprotect", Map.of(), "holdfast volume protect web-copy --off");
            visit.act("Check…", "Check", Map.of(), "holdfast volume check web-copy");
            visit.page().locator("dialog .badge.good").waitFor();
            visit.inDialog("Close").click();
            visit.button("Delete…").click();
            assertTrue(visit.inDialog("Delete").isDisabled(), "the name is to be typed");
            visit.fill("There is no way back", "web-copy");
            visit.inDialog("Delete").click();
            visit.sees("New volume…");
            visit.assertFaultless();
        }
        assertTrue(cluster.json("volume", "list").findValuesAsText("key").contains("web"));
        assertFalse(cluster.json("volume", "list").findValuesAsText("key").contains("web-copy"));
    }

    @Test
    void anApplicationIsMadeStoppedStartedAndDeleted() throws Exception {
        try (Visit visit = admin("node-1", ColorScheme.DARK, 1280)) {
            visit.open("applications");
            visit.act("New application…", "Create",
                    Map.of("Name", "blog", "Folder or reference", "/srv/blog",
                            "Command", "/bin/blog\n--quiet"),
                    "holdfast app run blog --rootfs /srv/blog --port 8080 -- /bin/blog --quiet");
            visit.open("applications/default%2Fblog");
            visit.act("Scale…", "Scale", Map.of("Instances at most", "4"),
                    "holdfast app scale blog --min 0 --max 4");
            visit.sees("0 to 4 are wanted");
            visit.act("Stop…", "Stop", Map.of("There is no way back", "blog"), "holdfast app stop blog");
            visit.act("Start…", "Start", Map.of(), "holdfast app start blog");
            visit.button("Stop…").waitFor();
            visit.act("Delete…", "Delete", Map.of("There is no way back", "blog"),
                    "holdfast app delete blog");
            visit.sees("New application…");
            visit.assertFaultless();
        }
        assertFalse(cluster.json("app", "list").findValuesAsText("key").contains("default/blog"));
    }

    @Test
    void aSnapshotIsProtectedRestoredCondemnedAndDeleted() throws Exception {
        String name = "tenant-0/shop-0000/s-049";
        cluster.json("app", "run", "tenant-0/shop-0000", "--rootfs", "/", "--", "/bin/true");
        try (Visit visit = admin("node-3", ColorScheme.LIGHT, 1280)) {
            visit.open("snapshots/" + SEEDED + "%2Fs-049");
            visit.act("Protect…", "Protect", Map.of(), "holdfast snapshot protect " + name);
            visit.button("Unprotect…").waitFor();
            visit.act("Unprotect…", "Unprotect", Map.of(), "holdfast snapshot protect " + name + " --off");
            visit.act("Restore…", "Restore", Map.of("There is no way back", "tenant-0/shop-0000"),
                    "holdfast snapshot restore " + name);
            visit.open("applications/" + SEEDED);
            visit.sees("next start");
            visit.menu("s-049");
            visit.act("Condemn…", "Condemn",
                    Map.of("Reason", "bad", "There is no way back", "s-049"),
                    "holdfast snapshot condemn " + name + " --reason bad");
            visit.page().locator(".tree-line", new Page.LocatorOptions().setHasText("s-049"))
                    .locator(".badge.bad").waitFor();
            visit.open("snapshots/" + SEEDED + "%2Fs-049");
            visit.act("Delete…", "Delete", Map.of("There is no way back", "s-049"),
                    "holdfast snapshot delete " + name);
            visit.assertFaultless();
        }
        assertEquals(name, cluster.json("audit", "list", "--where", "command=snapshot.delete")
                .path(0).path("target").asText());
    }

    @Test
    void settingsAreMadeEditedAndDeletedAndEventsTellOfIt() throws Exception {
        try (Visit visit = admin("node-2", ColorScheme.LIGHT, 1280);
                Visit other = admin("node-3", ColorScheme.DARK, 1280)) {
            other.open("events?catalog=settings");
            visit.open("settings");
            visit.act("New setting…", "Create", Map.of("Name", "fresh", "Value", "1"),
                    "holdfast setting set fresh 1");
            visit.page().getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("fresh"))
                    .getByRole(AriaRole.BUTTON).first().click();
            visit.fill("Value", "2");
            visit.inDialog("Set").click();
            other.sees("value=2");
            visit.page().getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("fresh 2"))
                    .getByRole(AriaRole.BUTTON).last().click();
            visit.fill("There is no way back", "fresh");
            visit.inDialog("Delete").click();
            visit.page().getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("fresh")).waitFor(
                    new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            other.sees("removed");
            visit.assertFaultless();
            other.assertFaultless();
        }
        assertFalse(cluster.json("setting", "list").findValuesAsText("key").contains("fresh"));
    }

    @Test
    void usersTokensAndRightsToJoinAreMadeAndTakenBack() throws Exception {
        try (Visit visit = admin("node-1", ColorScheme.LIGHT, 1280)) {
            visit.open("access");
            visit.act("New user…", "Create", Map.of("Name", "uma"),
                    "holdfast user create uma --role viewer");
            visit.open("access/users/uma");
            visit.button("New token…").click();
            visit.inDialog("Create").click();
            visit.page().locator("dialog").getByText("not shown again").waitFor();
            visit.inDialog("Close").click();
            visit.act("Revoke…", "Revoke", Map.of(), visit.commandLine("Revoke…"));
            visit.sees("revoked");
            visit.open("access/join-tokens");
            visit.button("New join token…").click();
            visit.inDialog("Create").click();
            visit.page().locator("dialog").getByText("holdfast node join").first().waitFor();
            visit.inDialog("Close").click();
            visit.act("Revoke…", "Revoke", Map.of(), visit.commandLine("Revoke…"));
            visit.assertFaultless();
        }
        assertTrue(cluster.json("user", "list").findValuesAsText("key").contains("uma"));
    }

    @Test
    void aPersonWithoutAMouseGetsAround() throws Exception {
        try (Visit visit = admin("node-1", ColorScheme.LIGHT, 1280)) {
            visit.open("");
            visit.page().keyboard().press("g");
            visit.page().keyboard().press("v");
            visit.page().locator("h1").getByText("Volumes").waitFor();
            visit.page().keyboard().press("/");
            visit.page().keyboard().type("mail");
            visit.page().waitForFunction("() => location.hash === '#/volumes?prefix=mail'");
            visit.page().locator("input.search").blur();
            visit.page().keyboard().press("?");
            visit.page().locator("dialog").getByText("Search in the page").waitFor();
            assertEquals(List.of(), visit.barriers());
            visit.page().keyboard().press("Escape");
            visit.open("applications/" + SEEDED);
            visit.button("Actions on s-001").focus();
            visit.page().keyboard().press("Enter");
            visit.page().locator(".menu:popover-open button:focus").waitFor();
            visit.page().keyboard().press("ArrowDown");
            visit.page().keyboard().press("Enter");
            visit.page().locator("dialog").getByText("The same from a terminal").waitFor();
            visit.assertFaultless();
        }
    }

    private static void logIn(Visit visit, String user) throws IOException, InterruptedException {
        JsonNode token = cluster.json("user", "token", "create", user);
        // A page that asks who one is, before one is, gets a 401 that the browser logs.
        visit.expectNodeDown(true);
        visit.page().navigate(cluster.origin("node-1") + "/ui/");
        visit.page().getByLabel("Token").fill(token.path("token").asText());
        visit.button("Log in").click();
        visit.atRest();
        visit.expectNodeDown(false);
    }

    /// Buttons that change something end in an ellipsis, as they open a dialog.
    private static List<String> actions(Visit visit) {
        return visit.page().locator("main button").allInnerTexts().stream()
                .filter(text -> text.endsWith("…"))
                .toList();
    }
}
