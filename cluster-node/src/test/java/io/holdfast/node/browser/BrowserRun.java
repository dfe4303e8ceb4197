package io.holdfast.node.browser;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.LoadState;
import java.time.Duration;
import java.util.Map;

/// A browser that measures: times are the page's own clock, memory is what is left after a collection.
/// Confined to its caller's thread.
public final class BrowserRun implements AutoCloseable {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 900;
    private static final int WHEEL_STEPS = 30;
    private static final int WHEEL_PIXELS = 400;
    private static final double KEY_MILLIS = 60;

    /// Notes long tasks, and when the page shows data and has no task under way.
    private static final String OBSERVE = """
            window.seenTasks = [];
            new PerformanceObserver((list) => seenTasks.push(...list.getEntries()
              .map((one) => ({ start: one.startTime, millis: one.duration }))))
              .observe({ type: 'longtask', buffered: true });
            const looking = setInterval(() => {
              const main = document.querySelector('main');
              if (main?.querySelector('h1') && !document.querySelector('main.alone')
                  && !main.querySelector('[aria-busy=true]')) {
                clearInterval(looking);
                requestAnimationFrame(() => setTimeout(() => { window.interactiveAt = performance.now(); }));
              }
            }, 5);""";

    private static final String FIRST_VIEW = """
            () => {
              const entries = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
                .filter((one) => one.responseEnd <= interactiveAt);
              const slowest = entries.sort((left, right) => right.duration - left.duration).slice(0, 3);
              return { interactive: interactiveAt,
                paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1,
                requests: entries.length,
                bytes: entries.reduce((sum, one) => sum + one.transferSize, 0),
                slowest: slowest.map((one) => new URL(one.name).pathname
                  + `:${one.startTime.toFixed(0)}+${one.duration.toFixed(0)}`).join(',') };
            }""";

    private final Browser browser;
    private final String origin;
    private final Visit visit;
    private final boolean isOwner;

    /// What it took until the first page could be used.
    ///
    /// @param slowest requests with the millisecond of their begin and their duration
    public record FirstView(
            double interactiveMillis,
            double paintMillis,
            long requests,
            long transferredBytes,
            String slowest) {}

    /// What a page holds after a collection.
    public record Memory(long heapBytes, long nodes, long listeners) {}

    private BrowserRun(Browser browser, String origin, boolean isOwner) {
        this.browser = browser;
        this.isOwner = isOwner;
        this.origin = origin;
        this.visit = browser.visit(origin, ColorScheme.LIGHT, WIDTH, HEIGHT);
        visit.page().addInitScript(OBSERVE);
    }

    public static BrowserRun start(String origin) {
        return new BrowserRun(Browser.start(Browser.executable().orElseThrow()), origin, true);
    }

    /// Another person at the same browser, who has to leave before it is closed.
    public BrowserRun beside() {
        return new BrowserRun(browser, origin, false);
    }

    /// Fails if a page logged an error, threw one or asked another host.
    public void assertFaultless() {
        visit.assertFaultless();
    }

    /// Comes in by the path of a login link.
    public void logIn(String path) {
        visit.logIn(path);
    }

    /// Opens a page as somebody whose browser has nothing of the UI yet.
    public FirstView firstView(String place) {
        try (Visit fresh = browser.visit(origin, ColorScheme.LIGHT, WIDTH, HEIGHT)) {
            fresh.page().context().addCookies(visit.page().context().cookies().stream()
                    .map(BrowserRun::copied).toList());
            fresh.page().addInitScript(OBSERVE);
            fresh.open(place);
            fresh.page().waitForFunction("() => window.interactiveAt");
            Map<?, ?> seen = (Map<?, ?>) fresh.page().evaluate(FIRST_VIEW);
            return new FirstView(number(seen, "interactive"), number(seen, "paint"),
                    (long) number(seen, "requests"), (long) number(seen, "bytes"),
                    String.valueOf(seen.get("slowest")));
        }
    }

    private static Cookie copied(Cookie cookie) {
        return new Cookie(cookie.name, cookie.value)
                .setDomain(cookie.domain).setPath(cookie.path).setSecure(true).setHttpOnly(true)
                .setExpires(cookie.expires);
    }

    private static double number(Map<?, ?> seen, String name) {
        return seen.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /// Goes to another page of the UI without loading it anew.
    public void open(String place) {
        visit.page().evaluate("(place) => { location.hash = `#/${place}`; }", place);
        visit.atRest();
    }

    /// Types into the page's search field, key by key.
    public void type(String text) {
        visit.page().locator("input.search").first().fill("");
        visit.page().locator("input.search").first()
                .pressSequentially(text, new Locator.PressSequentiallyOptions()
                        .setDelay(KEY_MILLIS));
        settle();
    }

    /// Presses the first two headings that sort.
    public void sort() {
        for (int heading = 0; heading < 2; heading++) {
            visit.page().locator("button.heading").nth(heading).click();
            settle();
        }
    }

    /// Scrolls down and up by the wheel.
    public void scroll() {
        visit.page().mouse().move(WIDTH / 2.0, HEIGHT / 2.0);
        for (int step = 0; step < 2 * WHEEL_STEPS; step++) {
            visit.page().mouse().wheel(0, step < WHEEL_STEPS ? WHEEL_PIXELS : -WHEEL_PIXELS);
        }
        settle();
    }

    /// Until what was asked for has come and is drawn.
    private void settle() {
        visit.page().waitForLoadState(LoadState.LOAD);
        visit.page().evaluate("""
                () => new Promise((resolve) => setTimeout(() => requestIdleCallback(resolve), 800))""");
    }

    public void forgetTasks() {
        visit.page().evaluate("() => { window.seenTasks = []; }");
    }

    public double longestTaskMillis() {
        return ((Number) visit.page().evaluate(
                "() => Math.max(0, ...window.seenTasks.map((one) => one.millis))")).doubleValue();
    }

    public long longTasks() {
        return ((Number) visit.page().evaluate("() => window.seenTasks.length")).longValue();
    }

    /// Leaves the page open.
    public void stay(Duration time) {
        visit.page().waitForTimeout((double) time.toMillis());
    }

    public Memory memory() {
        Page page = visit.page();
        CDPSession session = page.context().newCDPSession(page);
        try {
            session.send("HeapProfiler.collectGarbage");
            JsonObject heap = session.send("Runtime.getHeapUsage");
            JsonObject counters = session.send("Memory.getDOMCounters");
            return new Memory(heap.get("usedSize").getAsLong(), counters.get("nodes").getAsLong(),
                    counters.get("jsEventListeners").getAsLong());
        } finally {
            session.detach();
        }
    }

    @Override
    public void close() {
        visit.close();
        if (isOwner) {
            browser.close();
        }
    }
}
