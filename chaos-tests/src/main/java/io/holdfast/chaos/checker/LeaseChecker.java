package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.LeaseEvent.Granted;
import io.holdfast.chaos.checker.LeaseEvent.Prolonged;
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
        Map<String, List<LeaseEvent>> byName = new HashMap<>();
        events.forEach(event -> byName.computeIfAbsent(event.name(), _ -> new ArrayList<>()).add(event));
        byName.forEach((name, list) -> {
            List<Granted> grants = only(list, Granted.class);
            checkHolders(findings, name, grants);
            checkTokens(findings, name, grants);
            checkUses(findings, name, acceptances(list, false));
            checkUses(findings, name, acceptances(list, true));
        });
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

    /// What was accepted under tokens: by whoever grants the lease, which knows its grants, or by stores.
    private static List<Acceptance> acceptances(List<LeaseEvent> events, boolean byGranter) {
        List<Acceptance> accepted = new ArrayList<>();
        for (LeaseEvent event : events) {
            switch (event) {
                case Granted granted when byGranter -> accepted.add(new Acceptance(
                        granted.fencingToken(), granted.requestedNanos(), granted.answeredNanos(), event));
                case Prolonged longer when byGranter -> accepted.add(new Acceptance(
                        longer.fencingToken(), longer.requestedNanos(), longer.answeredNanos(), event));
                case Used used when !byGranter -> accepted.add(new Acceptance(
                        used.fencingToken(), used.requestedNanos(), used.answeredNanos(), event));
                default -> {}
            }
        }
        return accepted;
    }

    /// A token counts no more for what is asked once a newer one was accepted, for all to know. That of a
    /// grant is judged elsewhere.
    private static void checkUses(Findings findings, String name, List<Acceptance> accepted) {
        List<Acceptance> known = new ArrayList<>(accepted);
        known.sort(Comparator.comparingLong(Acceptance::answeredNanos));
        List<Acceptance> sorted = new ArrayList<>(accepted);
        sorted.sort(Comparator.comparingLong(Acceptance::requestedNanos));
        int next = 0;
        Acceptance newest = null;
        for (Acceptance one : sorted) {
            while (next < known.size() && known.get(next).answeredNanos() < one.requestedNanos()) {
                Acceptance candidate = known.get(next++);
                newest = newest == null || candidate.token() > newest.token() ? candidate : newest;
            }
            if (newest != null && one.token() < newest.token() && !(one.event() instanceof Granted)) {
                findings.add(OLD_TOKEN_ACCEPTED, name, one.event() + " after " + newest.event());
            }
        }
    }

    private static <E extends LeaseEvent> List<E> only(List<LeaseEvent> events, Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// A token under which something was accepted, at some moment between these two.
    private record Acceptance(long token, long requestedNanos, long answeredNanos, LeaseEvent event) {}
}
