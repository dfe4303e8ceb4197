package io.holdfast.chaos.checker;

import io.holdfast.chaos.fault.TimelineEntry;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Judges an application that counts in memory while it is saved, put to sleep, moved and killed, by the
/// steps that it wrote down in the order in which it took them. Each goes on from the one before: a restored
/// process knows all that was handled, and no two processes go on from one state. Memory may be lost only
/// where something was done that loses it, once for each such deed. Linear time, but for looking each loss up
/// among the deeds. Immutable.
public final class MemoryChecker {
    /// What a process has in memory does not follow from what it had.
    public static final String DAMAGED = "damaged-memory";
    /// A process goes on from an earlier state, or from none, and nothing was done that loses memory: a
    /// former copy was woken, or two ran at once.
    public static final String LOST = "lost-memory";
    /// A process goes on from a state that none was in.
    public static final String UNKNOWN = "unknown-memory";
    /// An answer is not what the process had in memory.
    public static final String WRONG_ANSWER = "wrong-answer";

    /// Holds the steps against what callers saw and what was done to the application.
    ///
    /// @param requests the action is the request's unique name, the reply the digest after it
    /// @param steps in the order in which they were taken
    /// @param losses what was done that may have lost what was in memory, on the clock of the requests
    public Verdict check(
            History<String, String> requests, List<MemoryStep> steps, List<TimelineEntry> losses) {
        Findings findings = new Findings("memory");
        Map<String, Operation<String, String>> byName = new HashMap<>();
        requests.operations().forEach(request -> byName.put(request.action(), request));
        List<TimelineEntry> unused = new ArrayList<>(losses);
        Map<String, MemoryStep> known = new HashMap<>();
        MemoryStep last = null;
        for (MemoryStep step : steps) {
            checkStep(findings, step, known, byName);
            boolean goesOn = last == null ? step.isFirst() : step.before().equals(last.after());
            if (!goesOn && (last == null || takeReason(unused, byName, last, step).isEmpty())) {
                findings.add(LOST, step.life(), step + " after " + last);
            }
            known.put(step.after(), step);
            last = step;
        }
        findings.checked(steps.size());
        return findings.verdict();
    }

    private static void checkStep(Findings findings, MemoryStep step, Map<String, MemoryStep> known,
            Map<String, Operation<String, String>> byName) {
        MemoryStep origin = known.get(step.before());
        if (origin == null && !step.isFirst()) {
            findings.add(UNKNOWN, step.life(), step.toString());
        }
        boolean counts = step.isFirst()
                ? step.count() == 1
                : origin == null || (step.count() == origin.count() + 1 && step.life().equals(origin.life()));
        if (!counts || !step.after().equals(MemoryStep.next(step.before(), step.request()))) {
            findings.add(DAMAGED, step.life(), step + " from " + origin);
        }
        Operation<String, String> request = byName.get(step.request());
        if (request != null && request.outcome() instanceof Outcome.Ok<String>(String reply)
                && !reply.equals(step.after())) {
            findings.add(WRONG_ANSWER, step.life(), request.describe() + " but " + step);
        }
    }

    /// A deed between the two that explains the loss; it explains no other one.
    private static Optional<TimelineEntry> takeReason(List<TimelineEntry> unused,
            Map<String, Operation<String, String>> byName, MemoryStep last, MemoryStep step) {
        Operation<String, String> before = byName.get(last.request());
        Operation<String, String> after = byName.get(step.request());
        long from = before == null ? Long.MIN_VALUE : before.invokedNanos();
        long to = after == null || after.isUnknown() ? Long.MAX_VALUE : after.completedNanos();
        Optional<TimelineEntry> reason = unused.stream()
                .filter(deed -> deed.healedNanos() >= from && deed.appliedNanos() <= to)
                .findFirst();
        reason.ifPresent(unused::remove);
        return reason;
    }
}
