package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.LeaseEvent.Granted;
import io.holdfast.chaos.checker.LeaseEvent.Used;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Judges leases: two holders never at once, fencing tokens that only grow, and no work accepted under an
/// older token after a newer one. Linear time after sorting. Immutable.
public final class LeaseChecker {
    /// Two holders could rely on the lease at the same moment.
    public static final String TWO_HOLDERS = "two-holders";
    /// A later grant has a token that is not greater.
    public static final String TOKEN_NOT_GROWING = "token-not-growing";
    /// Work was accepted under an older token after work under a newer one.
    public static final String OLD_TOKEN_ACCEPTED = "old-token-accepted";

    /// Judges each name on its own.
    public Verdict check(List<LeaseEvent> events) {
        Findings findings = new Findings("lease");
        Map<String, List<Granted>> grants = new HashMap<>();
        Map<String, List<Used>> uses = new HashMap<>();
        for (LeaseEvent event : events) {
            switch (event) {
                case Granted granted ->
                    grants.computeIfAbsent(event.name(), _ -> new ArrayList<>()).add(granted);
                case Used used -> uses.computeIfAbsent(event.name(), _ -> new ArrayList<>()).add(used);
            }
        }
        grants.forEach((name, list) -> checkHolders(findings, name, list));
        grants.forEach((name, list) -> checkTokens(findings, name, list));
        uses.forEach((name, list) ->
                checkUses(findings, name, list, grants.getOrDefault(name, List.of())));
        findings.checked(events.size());
        return findings.verdict();
    }

    private static void checkHolders(Findings findings, String name, List<Granted> grants) {
        List<Granted> sorted = new ArrayList<>(grants);
        sorted.sort(Comparator.comparingLong(Granted::answeredNanos));
        Map<String, Granted> latestByHolder = new HashMap<>();
        for (Granted grant : sorted) {
            for (Granted other : latestByHolder.values()) {
                if (!other.holder().equals(grant.holder())
                        && grant.answeredNanos() < Math.min(other.heldUntilNanos(), grant.heldUntilNanos())) {
                    findings.add(TWO_HOLDERS, name, grant + " while " + other);
                }
            }
            latestByHolder.merge(grant.holder(), grant,
                    (a, b) -> a.heldUntilNanos() >= b.heldUntilNanos() ? a : b);
        }
    }

    /// Only grants whose requests did not overlap have an order that the outside can know; a holder may be
    /// given its own token again.
    private static void checkTokens(Findings findings, String name, List<Granted> grants) {
        List<Granted> byRequest = new ArrayList<>(grants);
        byRequest.sort(Comparator.comparingLong(Granted::requestedNanos));
        List<Granted> byAnswer = new ArrayList<>(grants);
        byAnswer.sort(Comparator.comparingLong(Granted::answeredNanos));
        int answered = 0;
        Granted newest = null;
        for (Granted grant : byRequest) {
            while (answered < byAnswer.size()
                    && byAnswer.get(answered).answeredNanos() < grant.requestedNanos()) {
                Granted earlier = byAnswer.get(answered++);
                if (newest == null || earlier.fencingToken() > newest.fencingToken()) {
                    newest = earlier;
                }
            }
            if (newest != null && isNotGrowing(newest, grant)) {
                findings.add(TOKEN_NOT_GROWING, name, grant + " after " + newest);
            }
        }
    }

    private static boolean isNotGrowing(Granted before, Granted after) {
        return after.fencingToken() < before.fencingToken()
                || (after.fencingToken() == before.fencingToken() && !after.holder().equals(before.holder()));
    }

    /// A token counts no more for what is asked once a newer one was granted, or used, for all to know.
    private static void checkUses(Findings findings, String name, List<Used> uses, List<Granted> grants) {
        List<Known> known = new ArrayList<>();
        uses.forEach(use -> known.add(new Known(use.fencingToken(), use.answeredNanos(), use)));
        grants.forEach(grant -> known.add(new Known(grant.fencingToken(), grant.answeredNanos(), grant)));
        known.sort(Comparator.comparingLong(Known::sinceNanos));
        List<Used> sorted = new ArrayList<>(uses);
        sorted.sort(Comparator.comparingLong(Used::requestedNanos));
        int next = 0;
        Known newest = null;
        for (Used use : sorted) {
            while (next < known.size() && known.get(next).sinceNanos() < use.requestedNanos()) {
                Known candidate = known.get(next++);
                newest = newest == null || candidate.token() > newest.token() ? candidate : newest;
            }
            if (newest != null && use.fencingToken() < newest.token()) {
                findings.add(OLD_TOKEN_ACCEPTED, name, use + " after " + newest.event());
            }
        }
    }

    /// A token that everybody may know of since then.
    private record Known(long token, long sinceNanos, LeaseEvent event) {}
}
