package io.holdfast.chaos.mutant;

import static io.holdfast.chaos.checker.AtMostOnceChecker.FAILED_APPLIED;
import static io.holdfast.chaos.checker.AtMostOnceChecker.TWICE;
import static io.holdfast.chaos.checker.BankChecker.OVERDRAWN;
import static io.holdfast.chaos.checker.BankChecker.WRONG_TOTAL;
import static io.holdfast.chaos.checker.LeaseChecker.OLD_TOKEN_ACCEPTED;
import static io.holdfast.chaos.checker.LeaseChecker.TOKEN_NOT_GROWING;
import static io.holdfast.chaos.checker.LeaseChecker.TWO_HOLDERS;
import static io.holdfast.chaos.checker.VersionedRegisterChecker.LOST_UPDATE;
import static io.holdfast.chaos.checker.VersionedRegisterChecker.STALE;
import static io.holdfast.chaos.checker.VersionedRegisterChecker.WRONG_REFUSAL;

import io.holdfast.chaos.checker.AtMostOnceChecker;
import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.checker.SetChecker;
import io.holdfast.chaos.checker.VersionedRegisterChecker;
import io.holdfast.chaos.checker.WatchChecker;
import io.holdfast.chaos.simulation.Bug;
import io.holdfast.chaos.simulation.ModelRun;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The mutants of the model cluster: every bug that it knows, with what must name it.
public final class ModelMutants {
    private ModelMutants() {}

    public static List<Mutant> all() {
        return Arrays.stream(Bug.values())
                .filter(bug -> bug != Bug.NONE)
                .map(bug -> new Mutant(bug.name(), rulesFor(bug), seed -> ModelRun.of(seed, bug).verdicts()))
                .toList();
    }

    private static Set<String> rulesFor(Bug bug) {
        return switch (bug) {
            case NONE -> Set.of();
            case ACKNOWLEDGE_BEFORE_MAJORITY, ACKNOWLEDGE_BEFORE_FLUSH, VOTE_FOR_OLDER_LOG,
                    RESTART_WITH_OLD_DISK -> Set.of(AtMostOnceChecker.LOST, STALE);
            case FORGET_VOTE -> Set.of(ModelRun.TWO_LEADERS);
            case READ_WITHOUT_CONFIRMATION, READ_FROM_FOLLOWER -> Set.of(STALE);
            case APPLY_RETRY_AGAIN, FORGET_REQUESTS_IN_CRASH -> Set.of(TWICE);
            case CHECK_CONDITION_EARLY, IGNORE_CONDITION -> Set.of(LOST_UPDATE);
            case REFUSE_WITHOUT_REASON -> Set.of(WRONG_REFUSAL);
            case CALL_TIMEOUT_A_FAILURE -> Set.of(FAILED_APPLIED, VersionedRegisterChecker.PHANTOM);
            case SPLIT_TRANSFER -> Set.of(WRONG_TOTAL);
            case OVERDRAW -> Set.of(OVERDRAWN);
            case DROP_SET_ELEMENT -> Set.of(SetChecker.LOST);
            case GRANT_HELD_LEASE, EXPIRE_LEASE_EARLY -> Set.of(TWO_HOLDERS);
            case REUSE_TOKEN -> Set.of(TOKEN_NOT_GROWING);
            case ACCEPT_OLD_TOKEN -> Set.of(OLD_TOKEN_ACCEPTED);
            case PUBLISH_WITHOUT_COMPARING, PUBLISH_ONLY_OWN ->
                Set.of(CopyChecker.STALE, CopyChecker.MISSING, CopyChecker.PHANTOM);
            case PUBLISH_UNCOMMITTED, FORGET_TOMBSTONE -> Set.of(CopyChecker.PHANTOM);
            case RESUME_TOO_LATE, FORGET_ORDINAL -> Set.of(WatchChecker.GAP);
            case RESUME_TOO_EARLY -> Set.of(WatchChecker.REPEATED);
            case WATCH_UNCOMMITTED -> Set.of(WatchChecker.DIFFERENT);
            case TAKE_VERSION_FROM_CLOCK -> Set.of(STALE, VersionedRegisterChecker.APPLIED_TWICE);
        };
    }
}
