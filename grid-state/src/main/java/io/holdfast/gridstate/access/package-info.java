/// Users, their roles and their tokens.
///
/// Invariants: secrets are kept as hashes only; a hash belongs to one token; a user has a bounded number of
/// tokens; the last administrator stays.
@NullMarked
package io.holdfast.gridstate.access;

import org.jspecify.annotations.NullMarked;
