package io.holdfast.node.browser;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.holdfast.hostio.process.Executables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The host's own Chromium. Confined to the test's thread.
final class Browser implements AutoCloseable {
    private static final List<String> ARGUMENTS = List.of(
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    /// Where it is on this host.
    static Optional<Path> executable() {
        return Executables.find("chromium");
    }

    static Browser start(Path executable) {
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        // Tests run as root, for whom Chromium has no sandbox; it opens nothing but our own pages.
        com.microsoft.playwright.Browser chromium = playwright.chromium().launch(
                new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setChromiumSandbox(false)
                        .setArgs(ARGUMENTS));
        return new Browser(playwright, chromium);
    }

    /// A person who has not been here before.
    Visit visit(String origin, ColorScheme colours, int width, int height) {
        return new Visit(
                chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setBaseURL(origin)
                        .setIgnoreHTTPSErrors(true)
                        .setColorScheme(colours)
                        .setViewportSize(width, height)),
                origin);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
