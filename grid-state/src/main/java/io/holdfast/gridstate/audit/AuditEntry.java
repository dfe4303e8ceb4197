package io.holdfast.gridstate.audit;

import io.holdfast.gridstate.catalog.Check;

/// What a user did or tried.
///
/// @param index the ledger entry that holds the command
/// @param timeMillis the entry's time
/// @param user who
/// @param requestId the request's identity, as logs have it
/// @param command the command's kind, such as `snapshot.delete`
/// @param target what it was about
/// @param outcome `accepted` or a refusal's problem code
public record AuditEntry(
        long index,
        long timeMillis,
        String user,
        String requestId,
        String command,
        String target,
        String outcome) {
    public AuditEntry {
        Check.notNegative("an index", index);
        Check.notNegative("a time", timeMillis);
        Check.name("a user's name", user);
        Check.note("a request's id", requestId, 64);
        Check.text("a command's kind", command, 64);
        Check.note("a target", target, 512);
        Check.name("an outcome", outcome);
    }
}
