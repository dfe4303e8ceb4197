package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges commands by the effects that they left, each marked with its request: an acknowledged one exactly
/// once, an unknown one at most once, a failed one never. Linear time. Immutable.
public final class AtMostOnceChecker {
    /// A retried request took effect again.
    public static final String TWICE = "applied-twice";
    /// An acknowledged request left no effect.
    public static final String LOST = "acknowledged-lost";
    /// A request said to have failed took effect.
    public static final String FAILED_APPLIED = "failed-applied";
    /// An effect that nobody asked for.
    public static final String UNREQUESTED = "unrequested-effect";

    /// Holds requests against effects.
    ///
    /// @param requests the action is the request's unique name
    /// @param effects names of the requests that took effect, in any order, once per effect
    public Verdict check(History<String, ?> requests, List<String> effects) {
        Findings findings = new Findings("at-most-once");
        Map<String, Integer> counts = new HashMap<>();
        effects.forEach(effect -> counts.merge(effect, 1, Integer::sum));
        Set<String> requested = new HashSet<>();
        for (Operation<String, ?> request : requests.operations()) {
            requested.add(request.action());
            int count = counts.getOrDefault(request.action(), 0);
            if (count > 1) {
                findings.add(TWICE, request.key(), count + " effects of " + request.describe());
            }
            if (count == 0 && request.isOk()) {
                findings.add(LOST, request.key(), request.describe());
            }
            if (count > 0 && request.outcome() instanceof Outcome.Failed<?>) {
                findings.add(FAILED_APPLIED, request.key(), request.describe());
            }
        }
        for (String effect : counts.keySet()) {
            if (!requested.contains(effect)) {
                findings.add(UNREQUESTED, effect, "nobody asked for it");
            }
        }
        findings.checked(requests.size());
        return findings.verdict();
    }
}
