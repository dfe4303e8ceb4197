package io.holdfast.chaos.checker;

/// One breach of a promise.
///
/// @param rule stable name of what was breached, such as `stale-read`
/// @param key what it happened to
/// @param evidence the operations that show it
public record Violation(String rule, String key, String evidence) {
    @Override
    public String toString() {
        return rule + " key=" + key + ": " + evidence;
    }
}
