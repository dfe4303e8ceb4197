package io.holdfast.node.doctor;

/// What a probe found.
///
/// @param subject what was looked at
/// @param found in a few words, with versions and figures
/// @param neededBy which parts of Holdfast need it
/// @param remedy what to do; empty if nothing is to do
public record Finding(String subject, State state, String found, String neededBy, String remedy) {
    /// How well a host serves one need.
    public enum State {
        /// It works.
        OK,
        /// It works with a loss that [Finding#found()] names.
        LIMITED,
        /// It does not work; what needs it is refused with this finding.
        MISSING
    }
}
