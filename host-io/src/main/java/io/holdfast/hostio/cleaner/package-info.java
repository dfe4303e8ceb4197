/// Which chunks to clean, and where their survivors go. Pure: no disk, no clock, no threads.
///
/// A chunk's worth is the space it gives back against the work of moving what is still useful, weighted by
/// how long it was left alone: a young chunk empties itself further while one waits. Survivors are kept
/// apart by how often they survived, so that what changes often and what never changes do not share chunks.
/// Greedy choice with one open chunk costs 3.6 writes per write on a load of which 90 % go to 10 % of the
/// blocks; the choice by age without the separation gains nothing.
///
/// Entry class: `CleanerPolicy`.
@NullMarked
package io.holdfast.hostio.cleaner;

import org.jspecify.annotations.NullMarked;
