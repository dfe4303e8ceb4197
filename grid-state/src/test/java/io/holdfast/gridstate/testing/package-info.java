/// Fakes, harnesses and samples that behave, shipped to the modules that test against this one: a harness
/// that applies commands to a store in memory, a sample of every type that travels, random commands and
/// what must hold after them.
@NullMarked
package io.holdfast.gridstate.testing;

import org.jspecify.annotations.NullMarked;
