package io.holdfast.node.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/// One person at the UI of one node. Keeps what no page may do: log an error, throw one, ask another host.
/// Confined to the test's thread.
final class Visit implements AutoCloseable {
    private static final double WITHIN_MILLIS = 60_000;
    private static final String NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED";
    private static final int LOADS_MAX = 8;
    private static final double LIVE_WITHIN_MILLIS = 10_000;
    private static final String AXE_ALL = "";
    private static final String AXE_CONTRAST = "color-contrast";

    /// A folder for pictures of the pages, which are looked at by people.
    private static final String PICTURES = System.getProperty("holdfast.ui.pictures", "");

    private static final String AXE_VERSION = "/META-INF/maven/org.webjars.npm/axe-core/pom.properties";

    /// The grave findings of axe as lines of text.
    private static final String AXE_RUN = """
            async (rules) => {
              const result = await axe.run(document, { resultTypes: ['violations'],
                ...(rules ? { runOnly: rules.split(' ') } : {}) });
              return result.violations
                .filter((one) => ['serious', 'critical'].includes(one.impact))
                .map((one) => `${one.id}: ${one.help}: ` + one.nodes.slice(0, 3)
                  .map((node) => `${node.html} ${node.failureSummary}`).join(' | '));
            }""";

    private final BrowserContext context;
    private final String origin;
    private final Page page;
    private final List<String> allowed = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private boolean isNodeDown;
    private boolean isDisturbed;

    Visit(BrowserContext context, String origin) {
        this.context = context;
        this.origin = origin;
        allowed.add(origin);
        context.setDefaultTimeout(WITHIN_MILLIS);
        page = context.newPage();
        page.onRequestFailed(request -> isDisturbed |= NETWORK_CHANGED.equals(request.failure()));
        page.onConsoleMessage(message -> {
            boolean isOurs = !message.text().contains(NETWORK_CHANGED);
            if (message.type().equals("error") && !isNodeDown && isOurs) {
                faults.add("console: " + message.text() + " at " + message.location());
            }
        });
        page.onPageError(error -> faults.add("thrown: " + error));
        page.onRequest(request -> {
            boolean isElsewhere = allowed.stream().noneMatch(one -> request.url().startsWith(one + "/"));
            if (isElsewhere && !request.url().startsWith("data:") && !request.url().equals("about:blank")) {
                faults.add("a request to elsewhere: " + request.url());
            }
        });
    }

    /// Comes in by a link of `holdfast login`.
    void logIn(String link) {
        arrive(origin + link.substring(link.indexOf("/login?")), origin + "/ui/");
    }

    /// Opens a page of the UI by its place behind the `#`, as from a bookmark.
    void open(String place) {
        arrive(origin + "/ui/#/" + place, origin + "/ui/#/" + place);
    }

    /// Opens a page and waits until it is live; anew where the browser gave up because some network interface
    /// of this host came or went meanwhile, as those of containers do.
    private void arrive(String address, String again) {
        String next = address;
        for (int attempt = 1; !hasArrived(next); attempt++) {
            if (!isDisturbed || attempt == LOADS_MAX) {
                atRest();
                return;
            }
            leave();
            next = again;
        }
        atRest();
    }

    /// The browser may still be on its way to its own page about what went wrong.
    private void leave() {
        try {
            page.navigate("about:blank");
        } catch (PlaywrightException interrupted) {
            isDisturbed = true;
        }
    }

    private boolean hasArrived(String address) {
        isDisturbed = false;
        try {
            page.navigate(address);
            live().waitFor(new Locator.WaitForOptions().setTimeout(LIVE_WITHIN_MILLIS));
            return true;
        } catch (PlaywrightException failure) {
            boolean isLate = failure instanceof TimeoutError;
            if (!isLate && !String.valueOf(failure.getMessage()).contains(NETWORK_CHANGED)) {
                throw failure;
            }
            isDisturbed |= !isLate;
            return false;
        }
    }

    private Locator live() {
        return page.locator(".live .badge", new Page.LocatorOptions().setHasText("live"));
    }

    /// Waits until the page is live and shows what it read.
    void atRest() {
        live().waitFor();
        page.locator("main h1").first().waitFor();
        page.waitForFunction("() => !document.querySelector('main [aria-busy=true]')");
    }

    Page page() {
        return page;
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /// A button of the open dialog.
    Locator inDialog(String name) {
        return page.locator("dialog").getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /// Unfolds the actions on one of many things.
    void menu(String name) {
        button("Actions on " + name).click();
        page.locator(".menu:popover-open").waitFor();
    }

    /// Fills a field of the open dialog, also one that is folded away, or chooses in it.
    void fill(String label, String text) {
        Locator field = page.locator("dialog").getByLabel(label).first();
        field.evaluate("(field) => field.closest('details')?.setAttribute('open', '')");
        if (field.evaluate("(field) => field.tagName").equals("SELECT")) {
            field.selectOption(text);
        } else {
            field.fill(text);
        }
    }

    /// Opens an action's dialog, fills it, sees the same call as a command line, and does it.
    void act(String action, String submit, Map<String, String> fields, String commandLine) {
        submit(action, submit, fields, commandLine);
        closed();
    }

    /// The same of an action that tells what came of it.
    void act(String action, String submit, Map<String, String> fields, String commandLine, String told) {
        submit(action, submit, fields, commandLine);
        page.locator("dialog").getByText(told).first().waitFor();
    }

    private void submit(String action, String submit, Map<String, String> fields, String commandLine) {
        opener(action).click();
        fields.forEach(this::fill);
        page.locator("dialog .calls").getByText(commandLine, new Locator.GetByTextOptions().setExact(true))
                .waitFor();
        inDialog(submit).click();
    }

    /// Waits until the open dialog has done its work.
    void closed() {
        try {
            page.locator("dialog").waitFor(
                    new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        } catch (TimeoutError stays) {
            throw new AssertionError(
                    "the dialog stays open: " + page.locator("dialog").first().innerText(), stays);
        }
    }

    /// The button in the open menu, or else in the page.
    private Locator opener(String action) {
        Locator menu = page.locator(".menu:popover-open");
        return menu.count() > 0
                ? menu.getByRole(AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(action).setExact(true))
                : button(action).first();
    }

    /// The row of a table that is about one thing.
    Locator row(String key) {
        return page.locator("main tbody tr").filter(new Locator.FilterOptions().setHas(
                page.locator("th").getByText(key, new Locator.GetByTextOptions().setExact(true))));
    }

    /// Presses an action's button in a row.
    void pressIn(String key, String action) {
        row(key).getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(action).setExact(true)).click();
    }

    /// Buttons that change something end in an ellipsis, as they open a dialog.
    List<String> actions() {
        return page.locator("main button").allInnerTexts().stream()
                .filter(text -> text.endsWith("…"))
                .toList();
    }

    /// Makes a call of the API as the page's user, and gives its status.
    int call(String method, String path, String body) {
        return (int) page.evaluate("""
                async ([method, path, body]) => (await fetch(path, { method, body,
                  headers: { 'Content-Type': 'application/json', 'Holdfast-Csrf': '1' } })).status""",
                List.of(method, path, body));
    }

    /// Orders an import and hears that it is under way.
    void importImage(String reference, String name) {
        act("Import…", "Import", Map.of("Where it is", reference, "Name here", name),
                "holdfast image import " + reference + " --name " + name, "It is being imported");
    }

    /// Writes so many settings, "no 0." first, each replacing the third before it.
    void writeSettings(int count) {
        page.evaluate("""
                async (count) => { for (let number = 0; number < count; number += 1) {
                  await fetch(`/v1/settings/event-${number % 3}`, { method: 'PUT',
                    body: `{"value":"no ${number}."}`,
                    headers: { 'Content-Type': 'application/json', 'Holdfast-Csrf': '1' } }); } }""", count);
    }

    /// What an action says that its command line is; closes the dialog again.
    String commandLine(String action) {
        opener(action).click();
        String line = page.locator("dialog .calls code").first().innerText();
        inDialog("Close").click();
        return line;
    }

    /// Waits until the text is to be seen.
    void sees(String text) {
        page.getByText(text).first().waitFor();
    }

    /// What axe finds on the page as it is, of the serious and critical kinds.
    List<String> barriers() throws IOException {
        return barriers(AXE_ALL);
    }

    /// The same of contrast alone, as nothing else differs in other colours.
    List<String> barriersOfContrast() throws IOException {
        return barriers(AXE_CONTRAST);
    }

    private List<String> barriers(String rules) throws IOException {
        if (!(boolean) page.evaluate("() => Boolean(window.axe)")) {
            Properties axe = new Properties();
            axe.load(new StringReader(resource(AXE_VERSION)));
            page.evaluate(resource(
                    "/META-INF/resources/webjars/axe-core/" + axe.getProperty("version") + "/axe.min.js"));
        }
        List<String> found = new ArrayList<>();
        ((List<?>) page.evaluate(AXE_RUN, rules)).forEach(one -> found.add(String.valueOf(one)));
        return found;
    }

    /// Fails if axe finds something; keeps a picture of what it looked at.
    void assertNoBarrier(String name) throws IOException {
        picture(name);
        assertEquals(List.of(), barriers());
    }

    /// How many pixels the page is wider than its window.
    int widthBeyondWindow() {
        return (int) page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /// Keeps a picture of the page as it is, where somebody asked for pictures.
    void picture(String name) {
        if (!PICTURES.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true)
                    .setPath(Path.of(PICTURES, name.replaceAll("[^A-Za-z0-9-]+", "_") + ".png")));
        }
    }

    private static String resource(String path) throws IOException {
        try (InputStream stream = Objects.requireNonNull(Visit.class.getResourceAsStream(path), path)) {
            return new String(stream.readAllBytes(), UTF_8);
        }
    }

    /// Another origin where the person goes.
    void mayAlsoAsk(String other) {
        allowed.add(other);
    }

    /// While its node is down, the browser itself logs each refused connection.
    void expectNodeDown(boolean isDown) {
        isNodeDown = isDown;
    }

    /// Fails if a page did what no page may do.
    void assertFaultless() {
        assertEquals(List.of(), faults);
    }

    @Override
    public void close() {
        context.close();
    }
}
