package io.holdfast.gridstate.operation;

import io.holdfast.gridstate.catalog.Check;

/// Long work.
///
/// @param kind what is done, such as `volume.check`
/// @param target to what
/// @param owner the node that does it
/// @param permille how far it is, 0 to 1000
/// @param message what it is at, for people
/// @param startedMillis when it began
/// @param updatedMillis when it last reported
/// @param state whether it goes on, and how it ended
public record OperationEntry(
        String kind,
        String target,
        String owner,
        int permille,
        String message,
        long startedMillis,
        long updatedMillis,
        OperationState state) {
    /// What is done is done.
    public static final int PERMILLE_DONE = 1_000;

    public OperationEntry {
        Check.name("an operation's kind", kind);
        Check.note("an operation's target", target, 255);
        Check.name("an owner", owner);
        Check.range("a progress", permille, 0, PERMILLE_DONE);
        Check.note("a message", message, 512);
        Check.notNegative("a time", startedMillis);
        Check.notNegative("a time", updatedMillis);
    }

    OperationEntry withState(OperationState next, long timeMillis) {
        int progress = next instanceof OperationState.Succeeded ? PERMILLE_DONE : permille;
        return new OperationEntry(
                kind, target, owner, progress, message, startedMillis, timeMillis, next);
    }

    OperationEntry withProgress(int newPermille, String newMessage, long timeMillis) {
        return new OperationEntry(
                kind, target, owner, newPermille, newMessage, startedMillis, timeMillis, state);
    }

    OperationEntry withOwner(String newOwner, long timeMillis) {
        return new OperationEntry(
                kind, target, newOwner, permille, message, startedMillis, timeMillis, state);
    }
}
