package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import java.util.Map;

/// Decides whether a history is linearizable: whether the calls can be put in one order that respects real
/// time and the sequential model.
///
/// The search is the one of Wing and Gong with Lowe's memory of configurations already tried, one key at a
/// time (a history is linearizable exactly if it is so for each object: Herlihy and Wing, section 3.2).
/// Cost grows exponentially with the calls that overlap, hence the budget. Immutable.
///
/// @param <S> the model's state
/// @param <A> actions
/// @param <R> replies
public final class LinearizabilityChecker<S, A, R> {
    /// Rule named when no order exists.
    public static final String NOT_LINEARIZABLE = "not-linearizable";

    private static final String NAME = "linearizability";

    private final SequentialModel<S, A, R> model;
    private final int configurationCountMax;

    /// A checker for histories of this kind of object.
    ///
    /// @param configurationCountMax budget of the search, per key
    public LinearizabilityChecker(SequentialModel<S, A, R> model, int configurationCountMax) {
        this.model = model;
        this.configurationCountMax = configurationCountMax;
    }

    /// Judges each key on its own; a breach anywhere outweighs an undecided key.
    public Verdict check(History<A, R> history) {
        Findings findings = new Findings(NAME);
        String undecided = "";
        for (Map.Entry<String, History<A, R>> entry : history.byKey().entrySet()) {
            LinearizationSearch<S, A, R> search =
                    new LinearizationSearch<>(model, entry.getValue(), configurationCountMax);
            switch (search.run()) {
                case LINEARIZABLE -> {}
                case NOT_LINEARIZABLE -> findings.add(NOT_LINEARIZABLE, entry.getKey(), evidence(search));
                case BUDGET_SPENT -> undecided = undecided + " " + entry.getKey();
            }
        }
        findings.checked(history.size());
        Verdict verdict = findings.verdict();
        return verdict.isPassed() && !undecided.isEmpty()
                ? new Verdict.Undecided(NAME, history.size(), "search budget spent on keys" + undecided)
                : verdict;
    }

    private String evidence(LinearizationSearch<S, A, R> search) {
        Operation<A, R> stuck = search.firstImpossible();
        return search.longestPrefix() + " calls can be ordered, leading to state " + search.stateAtPrefix()
                + ", then not " + stuck.describe();
    }
}
