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
import io.holdfast.hostio.image.Platform;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.hostio.testing.LayerTar;
import io.holdfast.hostio.testing.OciLayout;
import io.holdfast.node.benchmark.CatalogSeed;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Every page in a real browser, role by role, with a node killed while a page is open.
@Tag("host")
@Isolated("a browser sees the networks of containers come and go")
@Timeout(300)
final class WebUiHostTest {
    private static final String SEEDED = UiStage.SEEDED;
    private static final int NARROW = 360;
    private static final int MANY = 120;
    private static final String NO_WAY_BACK = "There is no way back";

    private static final Locator.WaitForOptions GONE =
            new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED);

    @TempDir
    private static Path directory;

    private static UiStage stage;

    @BeforeAll
    static void openStage() throws Exception {
        stage = UiStage.open(directory);
    }

    @AfterAll
    static void closeStage() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void noPageHasABarrierAnErrorOrARequestToElsewhereInLightAndInDarkNorIsTooWide() throws Exception {
        try (Visit visit = stage.admin("node-1")) {
            List<String> findings = new ArrayList<>();
            for (String place : UiStage.PLACES) {
                visit.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
                visit.open(place);
                visit.barriers().forEach(one -> findings.add("light #/" + place + " " + one));
                visit.picture("light-" + place);
                visit.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
                visit.barriersOfContrast().forEach(one -> findings.add("dark #/" + place + " " + one));
                visit.picture("dark-" + place);
                visit.page().setViewportSize(NARROW, 800);
                if (visit.widthBeyondWindow() > 0) {
                    findings.add("narrow #/" + place + " is wider by " + visit.widthBeyondWindow());
                }
                visit.picture("narrow-" + place);
                visit.page().setViewportSize(1280, 900);
            }
            assertEquals(List.of(), findings);
            visit.assertFaultless();
        }
    }

    @Test
    void theLoginPageHasNoBarrierAndAForgedTokenIsRefused() throws Exception {
        try (Visit visit = stage.stranger("node-2")) {
            // The browser itself logs the refused calls.
            visit.expectNodeDown(true);
            visit.page().navigate(stage.cluster().origin("node-2") + "/ui/");
            visit.sees("Or with a link");
            visit.assertNoBarrier("login");
            visit.page().getByLabel("Token").fill("hfu1.forged.forged");
            visit.button("Log in").click();
            visit.page().locator(".problem").waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void aScriptInAnyFieldIsShownAsText() throws Exception {
        stage.json("node", "maintenance", "node-2", "--reason", UiStage.HOSTILE);
        stage.json("snapshot", "condemn", "tenant-0/shop-0000/s-000", "--reason", UiStage.HOSTILE);
        stage.json("app", "run", "hostile", "--rootfs", "/" + UiStage.HOSTILE, "--", UiStage.HOSTILE);
        try (Visit visit = stage.admin("node-1")) {
            for (String place : List.of("settings", "catalogs/settings/note", "nodes/node-2",
                    "access/users/eve", "events", "snapshots/" + SEEDED + "%2Fs-000",
                    "applications/" + SEEDED, "applications", "applications/default%2Fhostile")) {
                visit.open(place);
                visit.sees(UiStage.HOSTILE);
                assertEquals(0, visit.page().locator("main img").count(), place);
            }
            visit.assertFaultless();
        } finally {
            stage.json("node", "resume", "node-2");
        }
    }

    @Test
    void whileTheLeaderIsDownItsPageSaysThatItIsStaleAndAnotherTellsWhoLeadsThen() throws Exception {
        String leader;
        boolean isDown = false;
        try (Visit visit = stage.admin("node-1")) {
            visit.open("");
            leader = visit.page().locator(".figure-value").first().innerText();
        }
        try (Visit stale = stage.admin(leader);
                Visit visit = stage.admin(leader.equals("node-1") ? "node-2" : "node-1")) {
            stale.open("settings");
            visit.open("");
            // Until there is another leader, what needs one is refused, which the browser logs.
            stale.expectNodeDown(true);
            visit.expectNodeDown(true);
            stage.cluster().kill(leader);
            isDown = true;
            stale.page().locator(".notice").waitFor();
            stale.page().locator(".live .badge.attention").waitFor();
            assertFalse(stale.page().locator(".notice a").all().isEmpty(), "the other nodes are named");
            stale.picture("stale");
            visit.sees(leader + " does not answer");
            visit.picture("leader-down");
            visit.page().waitForFunction("(leader) => { const now = document.querySelector('.figure-value');"
                    + " return /^node-/.test(now.textContent) && now.textContent !== leader; }", leader);
            stage.json("setting", "set", "while-away", "seen later");

            stage.cluster().up();
            isDown = false;
            stale.atRest();
            stale.sees("seen later");
            assertEquals(0, stale.page().locator(".notice").count());
            visit.atRest();
            stale.assertFaultless();
            visit.assertFaultless();
        } finally {
            if (isDown) {
                stage.cluster().up();
            }
        }
    }

    @Test
    void aClusterHasALabelAndAColour() throws Exception {
        stage.json("setting", "set", "ui.label", "production");
        stage.json("setting", "set", "ui.colour", "magenta");
        try (Visit visit = stage.admin("node-3")) {
            visit.page().locator("#cluster-label").getByText("production").waitFor();
            visit.page().locator("html[data-cluster=magenta]").waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void aRecordShowsWhatItsVersionsChanged() throws Exception {
        stage.json("setting", "set", "past", "before");
        stage.json("setting", "set", "past", "after");
        try (Visit visit = stage.admin("node-1")) {
            visit.open("catalogs/settings/past");
            visit.page().getByText("Show the versions that this node still knows").click();
            visit.sees("before → after");
            visit.assertNoBarrier("history");
            visit.assertFaultless();
        }
    }

    @Test
    void anOperatorDrainsANodeAfterSeeingWhatIsThereButEvictsNone() throws Exception {
        try (Visit visit = stage.user("olga")) {
            for (String place : UiStage.PLACES) {
                visit.open(place);
                assertTrue(Collections.disjoint(visit.actions(), List.of("Evict…", "New user…")), place);
                if (place.startsWith("access") || place.equals("audit")) {
                    visit.sees("Not for your role");
                }
            }
            visit.open("nodes/node-3");
            assertEquals(List.of("Drain…", "Maintenance…"), visit.actions());
            visit.button("Drain…").click();
            visit.page().locator("dialog").getByText("What will happen").waitFor();
            visit.page().locator("dialog").getByText("goes on voting").waitFor();
            visit.page().locator("dialog .calls").getByText("holdfast node drain node-3").waitFor();
            visit.assertNoBarrier("dialog-drain");
            visit.inDialog("Drain").click();
            visit.act("Resume…", "Resume", Map.of(), "holdfast node resume node-3");
            visit.act("Maintenance…", "Maintenance", Map.of("Reason", "new disks"),
                    "holdfast node maintenance node-3 --reason 'new disks'");
            visit.sees("new disks");
            visit.act("Resume…", "Resume", Map.of(), "holdfast node resume node-3");
            visit.button("Drain…").waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void anAdminEvictsAHostThatNeverCame() throws Exception {
        CatalogSeed.main(new String[] {stage.cluster().data("node-1").toString(), "1", "0", "0"});
        try (Visit visit = stage.admin("node-2")) {
            // The browser itself logs what such a host cannot be asked.
            visit.expectNodeDown(true);
            visit.open("nodes/host-001");
            visit.button("Evict…").click();
            assertTrue(visit.inDialog("Evict").isDisabled(), "the name is to be typed");
            visit.inDialog("Close").click();
            visit.act("Evict…", "Evict", Map.of("Reason", "lost", NO_WAY_BACK, "host-001"),
                    "holdfast node evict host-001 --reason lost");
            visit.page().locator("main .badge.bad").getByText("evicted").first().waitFor();
            assertEquals(List.of(), visit.actions(), "what is evicted comes back by a token alone");
            visit.assertFaultless();
        }
    }

    @Test
    void aViewerSeesNoActionAndIsRefusedWhatItsPagesDoNotOffer() throws Exception {
        try (Visit visit = stage.user("eve")) {
            for (String place : UiStage.PLACES) {
                visit.open(place);
                assertEquals(List.of(), visit.actions(), "at #/" + place);
                assertEquals(0, visit.page().getByLabel("Actions on").count(), "at #/" + place);
            }
            visit.open("audit");
            visit.sees("Not for your role");
            visit.assertFaultless();
            visit.expectNodeDown(true);
            assertEquals(403, visit.call("PUT", "/v1/settings/forbidden", "{\"value\":\"x\"}"));
            Object forged = visit.page().evaluate("""
                    async () => (await fetch('/v1/settings/forbidden', { method: 'PUT',
                      headers: { 'Content-Type': 'application/json' }, body: '{"value":"x"}' })).status""");
            assertEquals(403, forged, "without the header that other origins cannot send");
        }
    }

    @Test
    void aVolumeIsMadeSnapshottedClonedProtectedAndDeleted() throws Exception {
        try (Visit visit = stage.admin("node-2")) {
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
            assertEquals("web/first", stage.json("volume", "show", "web-copy").path("origin").asText());

            visit.act("Snapshot…", "Take it", Map.of("Name", "second"),
                    "holdfast volume snapshot web second");
            visit.button("Compare what they share").click();
            visit.sees("of its own, shares the other");
            visit.menu("@first");
            visit.act("Roll back…", "Roll back", Map.of(NO_WAY_BACK, "web"),
                    "holdfast volume rollback web@first");
            visit.act("Resize…", "Resize", Map.of("New size", "128MiB"), "holdfast volume resize web 128MiB");
            visit.sees("128 MiB in blocks");
            visit.act("Policy…", "Set", Map.of("Hours between checks", "12"),
                    "holdfast volume policy web --check-hours 12");
            visit.act("Profile…", "Set", Map.of("Profile", "1+1"), "holdfast volume profile web 1+1");
            visit.sees("1+1, each strip");
            visit.menu("@second");
            visit.act("Protect…", "Protect", Map.of(), "holdfast volume protect web@second");
            visit.page().locator(".tree .badge").getByText("protected").waitFor();
            visit.menu("@second");
            visit.act("Unprotect…", "Unprotect", Map.of(), "holdfast volume protect web@second --off");
            visit.page().locator(".tree .badge").getByText("protected").waitFor(GONE);
            visit.menu("@second");
            visit.act("Delete…", "Delete", Map.of(NO_WAY_BACK, "second"),
                    "holdfast volume delete web@second");
            visit.page().locator(".tree").getByText("@second").waitFor(GONE);

            visit.open("volumes/web-copy");
            visit.act("Protect…", "Protect", Map.of(), "holdfast volume protect web-copy");
            visit.button("Unprotect…").waitFor();
            assertEquals(0, visit.button("Delete…").count(), "what is protected offers no deletion");
            visit.act("Unprotect…", "Unprotect", Map.of(), "holdfast volume protect web-copy --off");
            visit.act("Check…", "Check", Map.of(), "holdfast volume check web-copy", "Blocks checked");
            visit.page().locator("dialog .badge.good").waitFor();
            visit.inDialog("Close").click();
            visit.button("Delete…").click();
            assertTrue(visit.inDialog("Delete").isDisabled(), "the name is to be typed");
            visit.fill(NO_WAY_BACK, "web-copy");
            visit.inDialog("Delete").click();
            visit.sees("New volume…");
            visit.assertFaultless();
        }
        assertTrue(stage.json("volume", "list").findValuesAsText("key").contains("web"));
        assertFalse(stage.json("volume", "list").findValuesAsText("key").contains("web-copy"));
    }

    @Test
    void anApplicationIsMadeStoppedStartedAndDeleted() throws Exception {
        try (Visit visit = stage.admin("node-1", ColorScheme.DARK)) {
            visit.open("applications");
            visit.act("New application…", "Create",
                    Map.of("Name", "blog", "Folder or reference", "/srv/blog",
                            "Command", "/bin/blog\n--quiet"),
                    "holdfast app run blog --rootfs /srv/blog --port 8080 -- /bin/blog --quiet");
            visit.open("applications/default%2Fblog");
            visit.act("Scale…", "Scale", Map.of("Instances at most", "4"),
                    "holdfast app scale blog --min 0 --max 4");
            visit.sees("0 to 4 are wanted");
            visit.act("Stop…", "Stop", Map.of(NO_WAY_BACK, "blog"), "holdfast app stop blog");
            visit.act("Start…", "Start", Map.of(), "holdfast app start blog");
            visit.button("Stop…").waitFor();
            visit.act("Delete…", "Delete", Map.of(NO_WAY_BACK, "blog"), "holdfast app delete blog");
            visit.sees("New application…");
            visit.assertFaultless();
        }
        assertFalse(stage.json("app", "list").findValuesAsText("key").contains("default/blog"));
    }

    @Test
    void aSnapshotIsProtectedRestoredCondemnedAndDeleted() throws Exception {
        String name = "tenant-0/shop-0000/s-049";
        stage.json("app", "run", "tenant-0/shop-0000", "--rootfs", "/", "--", "/bin/true");
        try (Visit visit = stage.admin("node-3")) {
            visit.open("snapshots/" + SEEDED + "%2Fs-049");
            visit.act("Protect…", "Protect", Map.of(), "holdfast snapshot protect " + name);
            visit.button("Unprotect…").waitFor();
            visit.act("Unprotect…", "Unprotect", Map.of(), "holdfast snapshot protect " + name + " --off");
            visit.act("Restore…", "Restore", Map.of(NO_WAY_BACK, "tenant-0/shop-0000"),
                    "holdfast snapshot restore " + name);
            visit.open("applications/" + SEEDED);
            visit.sees("next start");
            visit.sees("no limit");
            visit.menu("s-049");
            visit.act("Condemn…", "Condemn", Map.of("Reason", "bad", NO_WAY_BACK, "s-049"),
                    "holdfast snapshot condemn " + name + " --reason bad");
            visit.page().locator(".tree-line", new Page.LocatorOptions().setHasText("s-049"))
                    .locator(".badge.bad").waitFor();
            visit.open("snapshots/" + SEEDED + "%2Fs-049");
            visit.act("Delete…", "Delete", Map.of(NO_WAY_BACK, "s-049"),
                    "holdfast snapshot delete " + name);
            visit.assertFaultless();
        }
        assertEquals(name, stage.json("audit", "list", "--where", "command=snapshot.delete")
                .path(0).path("target").asText());
    }

    @Test
    void settingsAreMadeEditedAndDeletedAndEventsTellOfIt() throws Exception {
        try (Visit visit = stage.admin("node-2");
                Visit other = stage.admin("node-3", ColorScheme.DARK)) {
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
            visit.fill(NO_WAY_BACK, "fresh");
            visit.inDialog("Delete").click();
            visit.page().getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("fresh")).waitFor(GONE);
            other.sees("removed");
            visit.assertFaultless();
            other.assertFaultless();
        }
        assertFalse(stage.json("setting", "list").findValuesAsText("key").contains("fresh"));
    }

    @Test
    void usersTokensAndRightsToJoinAreMadeAndTakenBack() throws Exception {
        try (Visit visit = stage.admin("node-1")) {
            visit.open("access");
            visit.act("New user…", "Create", Map.of("Name", "uma"), "holdfast user create uma --role viewer");
            visit.pressIn("uma", "Role…");
            visit.fill("Role", "operator");
            visit.inDialog("Set").click();
            visit.closed();
            visit.row("uma").getByText("operator").waitFor();
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
            visit.open("access");
            visit.pressIn("uma", "Delete…");
            visit.fill(NO_WAY_BACK, "uma");
            visit.inDialog("Delete").click();
            visit.row("uma").waitFor(GONE);
            visit.assertFaultless();
        }
        assertFalse(stage.json("user", "list").findValuesAsText("key").contains("uma"));
    }

    @Test
    void aPersonWithoutAMouseGetsAround() throws Exception {
        try (Visit visit = stage.admin("node-1")) {
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
            visit.assertNoBarrier("keys");
            visit.page().keyboard().press("Escape");
            visit.open("applications/" + SEEDED);
            visit.button("Actions on s-001").focus();
            visit.page().keyboard().press("Enter");
            visit.page().locator(".menu:popover-open button:focus").waitFor();
            visit.assertNoBarrier("menu");
            visit.page().keyboard().press("ArrowDown");
            visit.page().keyboard().press("Enter");
            visit.page().locator("dialog").getByText("The same from a terminal").waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void anApplicationIsMadeOfAllThatTheCommandLineOffersAndChanged() throws Exception {
        String command = "holdfast app run full --rootfs /srv/full --port 8080 --access members --env 'A=1 2'"
                + " --env B=x --mount /srv/common:/common:ro --workdir /srv --memory 64MiB"
                + " --cpu 500 --ready-path /ready --ready-within 30 --max 4 --concurrency 5 --idle 60"
                + " --on-idle save --snapshot off --before-save signal:10 --after-restore call:/woken"
                + " --while-making start-cold --pool 2 --keep-apart -- /bin/full --fast";
        try (Visit visit = stage.admin("node-1")) {
            visit.open("applications");
            visit.button("New application…").click();
            visit.page().locator("dialog summary").getByText("Variables and volumes").click();
            Map.ofEntries(
                    Map.entry("Name", "full"), Map.entry("Folder or reference", "/srv/full"),
                    Map.entry("Command", "/bin/full\n--fast"),
                    Map.entry("Who may call it", "users of this cluster"),
                    Map.entry("Variables", "A=1 2\nnone"), Map.entry("Instances at most", "4"),
                    Map.entry("Folders of the host", "/srv/common:/common:ro"),
                    Map.entry("Where it begins", "/srv"),
                    Map.entry("The most memory", "64MiB"), Map.entry("The most processor time", "500"),
                    Map.entry("It is ready when", "/ready"), Map.entry("Seconds that this may take", "30"),
                    Map.entry("Frozen copies", "2"), Map.entry("Its copies share", "no"),
                    Map.entry("Requests that one handles", "5"), Map.entry("Seconds without a request", "60"),
                    Map.entry("Its memory then", "save"), Map.entry("Saved by itself", "off"),
                    Map.entry("Other requests meanwhile", "start-cold"),
                    Map.entry("Told to it before", "signal:10"), Map.entry("Told to it when", "call:/woken"))
                    .forEach(visit::fill);
            visit.inDialog("Create").click();
            assertEquals(1, visit.page().locator("dialog textarea:invalid").count(), "none is no NAME=VALUE");
            visit.fill("Variables", "A=1 2\nB=x");
            assertEquals(command, visit.page().locator("dialog .calls code").first().innerText());
            visit.assertNoBarrier("dialog-application");
            visit.inDialog("Create").click();
            visit.closed();
            visit.open("applications/default%2Ffull?sort=-node&where=state%3Dready");
            visit.sees("None is like that");
            assertEquals(command, visit.commandLine("Change…"), "the form knows what the record has");
            visit.act("Change…", "Change",
                    Map.of("Volumes", "db:/data", "Instances at most", "", "Frozen copies", "",
                            "Saved by itself", "as usual", "Its memory then", "as usual"),
                    command.replace(" --workdir", " --volume db:/data --workdir").replace(" --max 4", "")
                            .replace(" --on-idle save --snapshot off", "").replace(" --pool 2", ""));
            visit.act("Restart…", "Restart", Map.of(NO_WAY_BACK, "full"), "holdfast app stop full");
            visit.assertFaultless();
        }
        JsonNode spec = stage.json("app", "show", "full").path("spec");
        assertEquals("off", spec.path("snapshots").path("moment").asText());
        assertEquals("db", spec.path("mounts").path(0).path("source").asText());
        assertEquals(500, spec.path("limits").path("cpuMillis").asInt());
    }

    @Test
    void eventsArePagedBackwardsAndFoundByTheirAddress() throws Exception {
        try (Visit visit = stage.admin("node-1")) {
            visit.open("events?catalog=settings");
            visit.writeSettings(MANY);
            visit.sees("no " + (MANY - 1) + ".");
            assertEquals(50, visit.page().locator("main tbody tr").count());
            visit.page().locator("main a.button").getByText("Older").click();
            visit.sees("no " + (MANY - 51) + ".");
            String second = visit.page().url();
            visit.page().locator("main a.button").getByText("Older").click();
            visit.sees("no 0.");
            visit.page().navigate(second);
            visit.sees("no " + (MANY - 100) + ".");
            visit.page().locator("main a.button").getByText("Newest").click();
            visit.sees("no " + (MANY - 1) + ".");
            visit.page().getByLabel("Find an event").fill("no 7.");
            visit.page().waitForURL("**find=no*");
            visit.sees("no 7.");
            visit.page().waitForFunction("() => document.querySelectorAll('main tbody tr').length === 1");
            visit.assertFaultless();
        }
    }

    @Test
    void aListKeepsItsSearchItsFilterAndItsOrderInTheAddress() throws Exception {
        try (Visit visit = stage.admin("node-3")) {
            visit.open("snapshots?prefix=" + SEEDED + "%2Fs-00&where=state%3Dready&sort=-key");
            visit.page().waitForFunction("() => document.querySelector('tbody th')?.innerText === 's-009'");
            assertEquals("tenant-0/shop-0000/s-00", visit.page().locator("input.search").inputValue());
            visit.page().locator("button.heading").getByText("Name").click();
            visit.page().waitForURL("**sort=key*");
            visit.page().waitForFunction("() => document.querySelector('tbody th')?.innerText !== 's-009'");
            visit.assertFaultless();
        }
    }

    @Test
    void aLeaseIsSeizedAndReleased() throws Exception {
        try (Visit visit = stage.admin("node-2")) {
            assertEquals(200, visit.call("POST", "/v1/leases/ui-job/acquire",
                    "{\"holder\":\"robot\",\"ttlMillis\":600000}"));
            visit.open("leases?prefix=ui-job");
            visit.row("ui-job").getByText("robot").waitFor();
            visit.menu("ui-job");
            visit.act("Seize…", "Seize", Map.of("New holder", "hand", NO_WAY_BACK, "ui-job"),
                    "holdfast lease seize ui-job --holder hand --ttl-seconds 60");
            visit.row("ui-job").getByText("hand").waitFor();
            String token = stage.json("lease", "show", "ui-job").path("token").asText();
            visit.menu("ui-job");
            visit.act("Release…", "Release", Map.of(NO_WAY_BACK, "ui-job"),
                    "holdfast lease release ui-job --holder hand --token " + token);
            visit.row("ui-job").waitFor(GONE);
            visit.assertFaultless();
        }
    }

    @Test
    void anImageIsImportedAndDeletedAndAnImportThatHangsIsCancelled() throws Exception {
        OciLayout layout = new OciLayout(directory.resolve("layout"))
                .layer(new LayerTar().file("srv/hello", "hello"), OciLayout.Compression.GZIP)
                .image("v1", Platform.here().architecture(), Map.of("Cmd", List.of("/srv/hello")));
        try (Visit visit = stage.admin("node-1");
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            visit.open("images");
            visit.importImage("oci:" + layout.folder() + ":v1", "tiny:v1");
            visit.inDialog("Close").click();
            visit.row("tiny:v1").waitFor();
            visit.picture("images-one");
            visit.menu("tiny:v1");
            visit.act("Delete…", "Delete", Map.of(NO_WAY_BACK, "tiny:v1"), "holdfast image delete tiny:v1");
            visit.row("tiny:v1").waitFor(GONE);

            visit.importImage("127.0.0.1:" + silent.getLocalPort() + "/slow:v1", "slow:v1");
            visit.page().locator("dialog a").click();
            visit.page().locator("h1").getByText("Operations").waitFor();
            visit.closed();
            String operation = visit.page().locator("main tbody th").innerText();
            visit.picture("operation-running");
            visit.act("Cancel…", "Ask it to stop", Map.of(), "holdfast operation cancel " + operation);
            visit.page().locator("main .badge").getByText(Pattern.compile("^cancel(ling|led)$")).waitFor();
            visit.open("operations");
            visit.row(operation).waitFor();
            visit.assertFaultless();
        }
    }

    @Test
    void aVolumeIsAttachedAndDetached() throws Exception {
        HostTool.require("nbdfuse", "losetup");
        HostTool.requireThat(Files.isWritable(Path.of("/dev/loop-control")), "loop devices");
        try (Visit visit = stage.admin("node-1")) {
            stage.json("volume", "create", "disk", "--size", "16MiB", "--profile", "2+1");
            visit.open("volumes/disk");
            visit.act("Attach…", "Attach", Map.of(), "holdfast volume attach disk", "as the device");
            visit.page().locator("dialog").getByText("mount /dev/").waitFor();
            visit.inDialog("Close").click();
            visit.act("Detach…", "Detach", Map.of(), "holdfast volume detach disk");
            visit.button("Attach…").waitFor();
            visit.assertFaultless();
        }
    }
}
