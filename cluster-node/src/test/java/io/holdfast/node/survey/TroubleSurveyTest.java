package io.holdfast.node.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.node.http.port.TroubleView.Trouble;
import io.holdfast.node.http.port.TroubleView.Troubles;
import io.holdfast.node.testing.FakeNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a survey finds in catalogs that are there, and of what changes later.
final class TroubleSurveyTest {
    private static final int OPERATIONS = 7_000;

    private final FakeNode node = FakeNode.founded();
    private final TroubleSurvey survey = new TroubleSurvey(node.reads(), node.reads());

    private void start(String operation) {
        node.apply(new OperationCommand.Start(operation, "test", "target", "node-a"));
    }

    private void fail(String operation) {
        node.apply(new OperationCommand.Fail(operation, "node-a", "broken", "it broke"));
    }

    /// Whoever begins later, with a newer token, condemns what was begun before.
    private void begin(String snapshot, long token) {
        node.apply(new SnapshotCommand.Begin(
                key(snapshot),
                new SnapshotDraft(Samples.DIGEST, Samples.HOST_CLASS, Optional.empty(), 1,
                        SnapshotOrigin.FIRST_REQUEST, Optional.empty()),
                new FencingToken(token)));
    }

    private static SnapshotKey key(String snapshot) {
        return new SnapshotKey(Samples.APPLICATION, snapshot);
    }

    @Test
    void whatIsThereAndWhatComesOrGoesLaterIsCounted() {
        begin("s1", 1);
        begin("s2", 2);
        assertEquals(
                new Troubles(
                        List.of(new Trouble("snapshots", "condemned", 1, List.of("acme/shop/s1"))), true),
                survey.troubles());
        begin("s3", 3);
        start("op");
        fail("op");
        assertEquals(
                List.of(new Trouble("snapshots", "condemned", 2, List.of("acme/shop/s1", "acme/shop/s2")),
                        new Trouble("operations", "failed", 1, List.of("op"))),
                survey.troubles().items());
        node.apply(new SnapshotCommand.Delete(key("s1"), ExpectedVersion.ANY));
        assertEquals(List.of("acme/shop/s2"), survey.troubles().items().getFirst().examples());
    }

    @Test
    void longCatalogsAreReadALittleAtEachLookAndWhatChangesMeanwhileIsNotMissed() {
        for (int number = 0; number < OPERATIONS; number++) {
            start(operation(number));
        }
        assertFalse(survey.troubles().isComplete(), "one look does not read them all");
        fail(operation(0));
        fail(operation(OPERATIONS - 1));
        int looks = 1;
        while (!survey.troubles().isComplete()) {
            looks++;
        }
        assertTrue(looks <= 3, "looks=" + looks);
        assertEquals(2, survey.troubles().items().getFirst().count());
    }

    private static String operation(int number) {
        return String.format(Locale.ROOT, "op-%05d", number);
    }
}
