package io.holdfast.chaos.mutant.subject;

import io.holdfast.chaos.checker.LeaseChecker;
import io.holdfast.chaos.checker.LeaseEvent;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.VersionedAction;
import io.holdfast.chaos.checker.VersionedRegisterChecker;
import io.holdfast.chaos.checker.VersionedReply;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.chaos.mutant.Mutant;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.setting.SettingEntry;
import io.holdfast.gridstate.testing.GridHarness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Settings and leases by the product's own state machine, several commands to an entry. Confined to one
/// thread.
public final class CatalogSubject implements Mutant.Subject {
    private static final int ENTRY_COUNT = 400;
    private static final int COMMANDS_PER_ENTRY_MAX = 3;
    private static final int KEY_COUNT = 3;
    private static final String LEASE = "subject";
    private static final long TTL_MILLIS = 500;

    private final GridHarness harness = GridHarness.founded();
    private final Map<String, Long> seenVersions = new HashMap<>();
    private final List<LeaseEvent> leases = new ArrayList<>();
    private final List<LeaseEvent.Granted> grants = new ArrayList<>();
    private long nanos;
    private final HistoryRecorder<VersionedAction, VersionedReply> registers =
            new HistoryRecorder<>(() -> ++nanos, 1 << 20);

    private record Step(GridCommand command, Consumer<GridReply> onReply) {}

    @Override
    public List<Verdict> run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int entry = 0; entry < ENTRY_COUNT; entry++) {
            long elapsedMillis = random.nextInt(200);
            harness.elapse(elapsedMillis);
            nanos = (harness.timeMillis() - GridHarness.START_MILLIS) * 1_000_000 + entry * 100L;
            List<Step> steps = new ArrayList<>();
            for (int i = random.nextInt(COMMANDS_PER_ENTRY_MAX); i >= 0; i--) {
                steps.add(step(random, entry + "-" + i));
            }
            List<GridReply> replies = harness.applyEntry(steps.stream()
                    .map(step -> new CommandEnvelope(GridHarness.NODE, "r", step.command()))
                    .toList());
            for (int i = 0; i < steps.size(); i++) {
                steps.get(i).onReply().accept(replies.get(i));
            }
            read("key" + random.nextInt(KEY_COUNT));
        }
        return List.of(new VersionedRegisterChecker().check(registers.history()),
                new LeaseChecker().check(leases));
    }

    private Step step(SplittableRandom random, String name) {
        return switch (random.nextInt(6)) {
            case 0 -> acquire(name);
            case 1 -> grants.isEmpty() ? acquire(name) : renew(grants.get(random.nextInt(grants.size())));
            default -> write("key" + random.nextInt(KEY_COUNT), name, random.nextInt(3) > 0);
        };
    }

    private Step write(String key, String value, boolean isConditional) {
        OptionalLong expected = isConditional
                ? OptionalLong.of(seenVersions.getOrDefault(key, 0L)) : OptionalLong.empty();
        HistoryRecorder<VersionedAction, VersionedReply>.Call call =
                registers.invoke(1, key, new VersionedAction.Write(value, expected));
        Octets bytes = Octets.copyOf(value.getBytes(StandardCharsets.UTF_8));
        ExpectedVersion condition = new ExpectedVersion(expected.orElse(-1));
        return new Step(new SettingCommand.Put(key, bytes, condition), reply -> {
            if (reply instanceof GridReply.Accepted accepted) {
                call.ok(new VersionedReply.Written(accepted.version()));
            } else {
                call.ok(new VersionedReply.VersionConflict());
            }
        });
    }

    private void read(String key) {
        HistoryRecorder<VersionedAction, VersionedReply>.Call call =
                registers.invoke(0, key, new VersionedAction.Read(true));
        Versioned<String, SettingEntry> found =
                harness.reader().get(SettingCatalogs.SETTINGS, key).orElse(null);
        if (found == null) {
            call.ok(new VersionedReply.Absent());
        } else {
            seenVersions.put(key, found.version());
            call.ok(new VersionedReply.Found(found.version(),
                    new String(found.value().value().toArray(), StandardCharsets.UTF_8)));
        }
    }

    private Step acquire(String holder) {
        long requested = ++nanos;
        return new Step(new LeaseCommand.Acquire(LEASE, holder, TTL_MILLIS), reply -> {
            if (reply instanceof GridReply.Accepted(long _,
                    GridReply.Result.Granted(FencingToken token, long _))) {
                LeaseEvent.Granted granted = new LeaseEvent.Granted(LEASE, holder, token.value(), requested,
                        ++nanos, requested + TTL_MILLIS * 1_000_000 - 1_000_000);
                grants.add(granted);
                leases.add(granted);
            }
        });
    }

    /// By whoever held it once; that it works says that the token still counts.
    private Step renew(LeaseEvent.Granted grant) {
        long requested = ++nanos;
        LeaseCommand.Renew renew = new LeaseCommand.Renew(
                LEASE, grant.holder(), new FencingToken(grant.fencingToken()), TTL_MILLIS);
        return new Step(renew, reply -> {
            if (reply instanceof GridReply.Accepted) {
                leases.add(new LeaseEvent.Prolonged(
                        LEASE, grant.holder(), grant.fencingToken(), requested, ++nanos));
            }
        });
    }
}
