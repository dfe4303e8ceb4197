package io.holdfast.node.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.http.oidc.OidcSignOn;
import io.holdfast.node.testing.ApiHarness;
import io.holdfast.node.testing.FakeProvider;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/// Login at a provider of identities in a real browser, under the UI's own policy on content.
@Tag("host")
@Isolated("a browser sees the networks of containers come and go")
@Timeout(180)
final class SignOnHostTest {
    @Test
    void aPersonGoesToTheProviderAndComesBackLoggedInOrHearsWhyNot() throws Exception {
        HostTool.require("chromium");
        try (FakeProvider provider = new FakeProvider();
                ApiHarness harness = ApiHarness.signingOn(origin -> new OidcSignOn(
                        provider.settings(origin.resolve("/login/oidc/callback")), System::nanoTime));
                Browser browser = Browser.start(Browser.executable().orElseThrow())) {
            URI origin = harness.request("/").build().uri();
            String address = "https://" + origin.getAuthority();
            try (Visit visit = browser.visit(address, ColorScheme.LIGHT, 1280, 900)) {
                visit.mayAlsoAsk(provider.issuer().toString());
                // Before the login each call is refused, which the browser logs.
                visit.expectNodeDown(true);
                provider.person("mallory", "guests");
                visit.page().navigate(address + "/ui/#/settings");
                atProvider(visit);
                visit.sees("no role here follows from your groups");
                assertEquals(List.of(), visit.barriers());

                provider.person("alice", "ops");
                atProvider(visit);
                visit.page().locator(".caller").getByText("oidc.alice").waitFor();
                visit.expectNodeDown(false);
                visit.assertFaultless();
            }
        }
    }

    private static void atProvider(Visit visit) {
        visit.page().getByRole(AriaRole.LINK, new Page.GetByRoleOptions()
                .setName("Log in at 127.0.0.1")).click();
    }
}
