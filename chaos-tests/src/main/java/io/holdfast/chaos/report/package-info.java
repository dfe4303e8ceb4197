/// What a run leaves for people and programs: one HTML and one JSON page with seed, faults, operations over
/// time, stalls and verdicts. Entry class: [io.holdfast.chaos.report.ReportWriter].
@NullMarked
package io.holdfast.chaos.report;

import org.jspecify.annotations.NullMarked;
