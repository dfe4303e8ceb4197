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
    private static final String AXE_VERSION = "/META-INF/maven/org.webjars.npm/axe-core/pom.properties";

    /// The grave findings of axe as lines of text.
    private static final String AXE_RUN = """
            async () => {
              const result = await axe.run(document, { resultTypes: ['violations'] });
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
            page.navigate("about:blank");
            next = again;
        }
        atRest();
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
        page.locator("main [aria-busy=true]").waitFor(
                new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
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

    /// Fills a field of the open dialog.
    void fill(String label, String text) {
        page.locator("dialog").getByLabel(label).first().fill(text);
    }

    /// Opens an action's dialog, fills it, sees the same call as a command line, and does it.
    void act(String action, String submit, Map<String, String> fields, String commandLine) {
        button(action).first().click();
        fields.forEach(this::fill);
        page.locator("dialog .calls").getByText(commandLine, new Locator.GetByTextOptions().setExact(true))
                .waitFor();
        inDialog(submit).click();
        try {
            page.locator("dialog").getByText("The same from a terminal").waitFor(
                    new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        } catch (TimeoutError stays) {
            throw new AssertionError(
                    "the dialog stays open: " + page.locator("dialog").first().innerText(), stays);
        }
    }

    /// What an action says that its command line is; closes the dialog again.
    String commandLine(String action) {
        button(action).first().click();
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
        Properties axe = new Properties();
        axe.load(new StringReader(resource(AXE_VERSION)));
        page.evaluate(resource(
                "/META-INF/resources/webjars/axe-core/" + axe.getProperty("version") + "/axe.min.js"));
        List<String> found = new ArrayList<>();
        ((List<?>) page.evaluate(AXE_RUN)).forEach(one -> found.add(String.valueOf(one)));
        return found;
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
