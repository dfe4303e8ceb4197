/// What this host can do for Holdfast, found out by looking and trying, one line each.
///
/// A [io.holdfast.node.doctor.Probe] looks at one thing through [io.holdfast.node.doctor.Host] and says what
/// it found, what needs it, and what to do. Probes change nothing on the host; what they must try (a network
/// namespace, a synchronous write) they take away again. Entry class: [io.holdfast.node.doctor.Doctor].
@NullMarked
package io.holdfast.node.doctor;

import org.jspecify.annotations.NullMarked;
