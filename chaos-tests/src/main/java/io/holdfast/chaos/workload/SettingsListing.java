package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// All settings as one node lists them, page by page. Stateless.
final class SettingsListing {
    private static final int PAGE_COUNT_MAX = 10_000;

    private SettingsListing() {}

    /// The settings by key, or empty if the node does not answer.
    ///
    /// @param level `linearizable` or `local`
    static Optional<Map<String, CopyChecker.Item>> of(NodeApi api, String address, String level)
            throws InterruptedException {
        Map<String, CopyChecker.Item> all = new HashMap<>();
        String cursor = "";
        for (int page = 0; page < PAGE_COUNT_MAX; page++) {
            ApiOutcome outcome = api.call(address,
                    ApiCall.get("/v1/settings?limit=1000&consistency=" + level + cursor));
            if (!(outcome instanceof ApiOutcome.Answered answered) || !answered.isSuccess()) {
                return Optional.empty();
            }
            String next = take(answered.body(), all);
            if (next.isEmpty()) {
                return Optional.of(all);
            }
            cursor = "&cursor=" + next;
        }
        throw new IllegalStateException("a list without end, pageCountMax=" + PAGE_COUNT_MAX);
    }

    private static String take(Json page, Map<String, CopyChecker.Item> all) {
        try {
            for (Json item : page.items("items")) {
                all.put(item.text("key"), new CopyChecker.Item(item.number("version"), item.text("value")));
            }
            return page.member("next").isPresent() ? page.text("next") : "";
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("the API answered against its contract", e);
        }
    }
}
