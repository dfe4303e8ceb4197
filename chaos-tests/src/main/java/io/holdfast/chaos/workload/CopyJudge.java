package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.pace.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/// Holds the nodes' copies of the settings against the ledger while clients go on writing. Confined to the
/// thread that injects faults.
public final class CopyJudge {
    private final NodeApi api;
    private final Duration limit;
    private final Pause pause;
    private final CopyChecker checker = new CopyChecker();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Set<String> servedByMinorities = new HashSet<>();
    private int completeCount;
    private int minorityCount;
    private int silentMinorityCount;

    /// How often something was judged.
    ///
    /// @param complete copies that should lack nothing
    /// @param minorities copies of nodes that were cut off
    /// @param silentMinorities of those, the ones that were not served
    public record Counts(int complete, int minorities, int silentMinorities) {}

    CopyJudge(NodeApi api, Duration limit, Pause pause) {
        this.api = api;
        this.limit = limit;
        this.pause = pause;
    }

    /// What the ledger has now must come to every copy: nothing is missing and nothing older, in time.
    public void judgeComplete(List<String> addresses) throws TimeoutException, InterruptedException {
        Map<String, CopyChecker.Item> truth = ledger(addresses);
        for (String address : addresses) {
            verdicts.add(cameTo(address, truth));
            completeCount++;
        }
    }

    private Verdict cameTo(String address, Map<String, CopyChecker.Item> truth) throws InterruptedException {
        try {
            return Await.real().until("the ledger's entries in the copy at " + address, limit,
                    () -> listing(address, "local").map(copy -> checker.checkNoneOlder(truth, copy))
                            .filter(Verdict::isPassed));
        } catch (TimeoutException e) {
            return listing(address, "local").map(copy -> checker.checkNoneOlder(truth, copy))
                    .orElseGet(() -> new Verdict.Undecided("copy", 0, "no local list from " + address));
        }
    }

    /// A node that is cut off with less than half of the nodes serves what it has and gets nothing new.
    ///
    /// @param alone the node that is cut off
    /// @param others at least one of them answers for the ledger
    /// @param lasting how long the others go on writing before the copy is looked at
    public void judgeMinority(String alone, List<String> others, Duration lasting)
            throws TimeoutException, InterruptedException {
        Map<String, CopyChecker.Item> truth = ledger(others);
        pause.of(lasting);
        Optional<Map<String, CopyChecker.Item>> copy = listing(alone, "local");
        minorityCount++;
        if (copy.isEmpty()) {
            silentMinorityCount++;
            return; // A node that cannot tell how old its copy is may refuse to serve it.
        }
        copy.get().forEach((key, item) -> {
            // Nodes have settings of their own, made before anybody watched.
            if (key.startsWith(RegisterWorkload.PREFIX) || key.startsWith(SetWorkload.PREFIX)) {
                servedByMinorities.add(key + "=" + item.value());
            }
        });
        verdicts.add(checker.checkNoneNewer(truth, copy.get()));
    }

    public Counts counts() {
        return new Counts(completeCount, minorityCount, silentMinorityCount);
    }

    /// What was found so far, and whether all that minorities served had been decided.
    ///
    /// @param decided every `key=value` that the ledger ever had, where somebody saw them all
    List<Verdict> verdicts(Optional<Set<String>> decided) {
        List<Verdict> all = new ArrayList<>(verdicts);
        if (!servedByMinorities.isEmpty()) {
            all.add(decided.map(entries -> checker.checkDecided(servedByMinorities, entries))
                    .orElseGet(() -> new Verdict.Undecided(
                            "served-by-minority", 0, "no watch saw everything")));
        }
        return all;
    }

    private Map<String, CopyChecker.Item> ledger(List<String> addresses)
            throws TimeoutException, InterruptedException {
        return Await.real().until("a linearizable list of settings", limit, () -> addresses.stream()
                .map(address -> listing(address, "linearizable"))
                .flatMap(Optional::stream)
                .findFirst());
    }

    private Optional<Map<String, CopyChecker.Item>> listing(String address, String level) {
        try {
            return SettingsListing.of(api, address, level);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while listing settings", e);
        }
    }
}
