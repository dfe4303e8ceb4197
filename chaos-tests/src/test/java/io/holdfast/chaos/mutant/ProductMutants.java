package io.holdfast.chaos.mutant;

import static io.holdfast.chaos.checker.AtMostOnceChecker.TWICE;
import static io.holdfast.chaos.checker.LeaseChecker.OLD_TOKEN_ACCEPTED;
import static io.holdfast.chaos.checker.LeaseChecker.TOKEN_NOT_GROWING;
import static io.holdfast.chaos.checker.LeaseChecker.TWO_HOLDERS;
import static io.holdfast.chaos.checker.VersionedRegisterChecker.APPLIED_TWICE;
import static io.holdfast.chaos.checker.VersionedRegisterChecker.LOST_UPDATE;
import static io.holdfast.chaos.checker.VersionedRegisterChecker.WRONG_REFUSAL;

import io.holdfast.chaos.mutant.subject.CatalogSubject;
import io.holdfast.chaos.mutant.subject.FencingSubject;
import io.holdfast.chaos.mutant.subject.RetrySubject;
import io.holdfast.chaos.mutant.subject.VolumeSubject;
import java.util.List;
import java.util.Set;

/// Bugs planted in the product's own rules: the replicated state machine, fencing, the log's lanes and the
/// cleaner; each with what must name it.
final class ProductMutants {
    private static final String GRID = "io.holdfast.gridstate.";
    private static final String HOST = "io.holdfast.hostio.";

    private ProductMutants() {}

    static List<Mutant> all() {
        return List.of(
                mutant("GRANT_WHAT_IS_HELD", CatalogSubject.class, Set.of(TWO_HOLDERS),
                        Mutation.answer(GRID + "lease.LeaseEntry", "isHeldAt", false)),
                mutant("RENEW_UNDER_ANY_TOKEN", CatalogSubject.class, Set.of(OLD_TOKEN_ACCEPTED),
                        Mutation.answer(GRID + "lease.LeaseRules", "isGrant", true)),
                mutant("SAME_TOKEN_FOR_ALL", CatalogSubject.class, Set.of(TOKEN_NOT_GROWING),
                        Mutation.answer(GRID + "rule.RuleScope", "commandNumber", 1L)),
                mutant("TAKE_ANY_VERSION", CatalogSubject.class, Set.of(LOST_UPDATE),
                        Mutation.answer(GRID + "rule.ExpectedVersion", "isMetBy", true)),
                mutant("REFUSE_ANY_VERSION", CatalogSubject.class, Set.of(WRONG_REFUSAL),
                        Mutation.answer(GRID + "rule.ExpectedVersion", "isMetBy", false)),
                mutant("ONE_VERSION_FOR_AN_ENTRY", CatalogSubject.class, Set.of(LOST_UPDATE, APPLIED_TWICE),
                        Mutation.answer("io.holdfast.consensus.statemachine.CommandContext", "ordinal", 0)),
                mutant("FORGET_ANSWERED_REQUESTS", RetrySubject.class, Set.of(TWICE),
                        Mutation.answer("io.holdfast.consensus.apply.Session", "result",
                                new Mutation.None())),
                mutant("ADMIT_OLD_WRITER", FencingSubject.class, Set.of(OLD_TOKEN_ACCEPTED),
                        Mutation.nothing(HOST + "chunkstore.FencingTokens", "admit")),
                mutant("ANSWER_BEFORE_SYNC", VolumeSubject.class, Set.of(VolumeSubject.PROMISE_BROKEN),
                        Mutation.leaveOut(HOST + "chunkstore.GroupCommit", "write", "sync")),
                mutant("ANSWER_BEFORE_HOLDERS", VolumeSubject.class, Set.of(VolumeSubject.PROMISE_BROKEN),
                        Mutation.answer(HOST + "log.Flight", "isDurable", true)),
                mutant("CLEAN_WITHOUT_MOVING", VolumeSubject.class, Set.of(VolumeSubject.PROMISE_BROKEN),
                        Mutation.answer(HOST + "volume.Cleaning", "isMoved", true)),
                mutant("TAKE_USEFUL_FOR_USELESS", VolumeSubject.class, Set.of(VolumeSubject.PROMISE_BROKEN),
                        Mutation.answer(HOST + "volume.Family", "isReferred", false)));
    }

    private static Mutant mutant(
            String name, Class<? extends Mutant.Subject> subject, Set<String> rules, Mutation mutation) {
        return new Mutant(name, rules, seed -> new MutatedProduct(mutation).run(subject, seed));
    }
}
