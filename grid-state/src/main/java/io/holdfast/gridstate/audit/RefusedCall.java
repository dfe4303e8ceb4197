package io.holdfast.gridstate.audit;

import io.holdfast.gridstate.catalog.Check;

/// Calls that a node refused because of who made them, alike in all but their time.
///
/// @param address where they came from; `-` where that is not known
/// @param caller who it was, or `-` for somebody unknown
/// @param call what was called, such as `GET /v1/users`, or the port that was connected to
/// @param reason why, such as `bad-credential`
/// @param requestId of the last of them, as logs have it; empty for none
/// @param count how many
public record RefusedCall(
        String address, String caller, String call, String reason, String requestId, long count) {
    /// Characters of what was called.
    public static final int CALL_CHARS_MAX = 256;

    /// Characters of where they came from, and of who it was.
    public static final int PARTY_CHARS_MAX = 128;

    public RefusedCall {
        Check.text("an address", address, PARTY_CHARS_MAX);
        Check.text("a caller", caller, PARTY_CHARS_MAX);
        Check.text("a call", call, CALL_CHARS_MAX);
        Check.name("a reason", reason);
        Check.note("a request's id", requestId, 64);
        Check.range("a count", count, 1, Long.MAX_VALUE);
    }
}
