package io.holdfast.gridstate.rule;

/// Why a command was refused. The names are part of the API (a problem's code is the name in lower case
/// with dashes), and the order is part of the wire format: new ones are appended.
public enum RefusalCode {
    /// The command cannot be read or breaks a bound that does not depend on state.
    INVALID,
    /// What it names does not exist.
    NOT_FOUND,
    /// What it would create exists.
    EXISTS,
    /// The record is not of the version that the command expects.
    VERSION_MISMATCH,
    /// A quota or a bound on the number of things would be exceeded.
    QUOTA_EXCEEDED,
    /// It carries a fencing token older than the newest seen: the caller has been replaced and stops.
    FENCED,
    /// Something still refers to what it would remove.
    IN_USE,
    /// A token or a lease has expired.
    EXPIRED,
    /// The state that the record is in does not allow it.
    FORBIDDEN_STATE,
    /// Somebody else holds it.
    HELD,
    /// The cluster is not at the level that the command needs; see `GridCodec`.
    UNSUPPORTED_LEVEL;

    /// The name as problems carry it, such as `version-mismatch`.
    public String problemCode() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
