package io.holdfast.gridstate.rule;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.GridReply.Refused;
import java.util.Optional;

/// The refusals that every catalog has, worded alike.
public final class Refusals {
    private Refusals() {}

    public static Refused notFound(String what, Object key) {
        return new Refused(RefusalCode.NOT_FOUND, "no such " + what + ": " + key);
    }

    public static Refused exists(String what, Object key) {
        return new Refused(RefusalCode.EXISTS, "this " + what + " exists: " + key);
    }

    public static Refused mismatch(String what, Object key, Optional<? extends Versioned<?, ?>> found) {
        long version = found.map(Versioned::version).orElse(0L);
        return new Refused(
                RefusalCode.VERSION_MISMATCH,
                "the " + what + " is not of the expected version: " + key + " version=" + version,
                "read it again and repeat the change if it still applies");
    }

    public static Refused wrongState(String what, Object key, String state, String hint) {
        return new Refused(
                RefusalCode.FORBIDDEN_STATE,
                "the state of the " + what + " does not allow it: " + key + " state=" + state,
                hint);
    }

    public static Refused fenced(String what, Object key, Object shown, Object newest) {
        return new Refused(
                RefusalCode.FENCED,
                "a newer token was shown for the " + what + ": " + key + " shown=" + shown + " newest="
                        + newest,
                "stop writing: somebody else has taken over");
    }

    public static Refused full(String what, long max) {
        return new Refused(
                RefusalCode.QUOTA_EXCEEDED, "there are as many as may be of: " + what + " max=" + max);
    }

    public static Refused invalid(String message) {
        return new Refused(RefusalCode.INVALID, message);
    }
}
