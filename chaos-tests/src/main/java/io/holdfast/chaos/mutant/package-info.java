/// Planted bugs, each of which must be caught by name: a suite of checkers that misses one is no proof of
/// anything. Entry class: [io.holdfast.chaos.mutant.MutantSuite].
@NullMarked
package io.holdfast.chaos.mutant;

import org.jspecify.annotations.NullMarked;
