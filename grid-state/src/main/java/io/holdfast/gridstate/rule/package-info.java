/// What every catalog's rules are written with.
///
/// A rule reads and writes through a [io.holdfast.gridstate.rule.RuleScope], which keeps the writes of one
/// command to itself until the command is accepted, and answers with a
/// [io.holdfast.gridstate.rule.GridReply]. Rules read no clock and no randomness: time is the entry's, and
/// identities come in commands.
@NullMarked
package io.holdfast.gridstate.rule;

import org.jspecify.annotations.NullMarked;
