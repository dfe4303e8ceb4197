/// Assignments with generations: which link leads where, and how a new version reaches the links in waves.
///
/// An *object* is what is rolled out; each *generation* of it names, for ever, one of its versions. An
/// *instance* of the object has a link, and the link is at one generation. A *rollout* takes the links of
/// all instances from the generation they are at to a new one, wave by wave.
///
/// Invariants: a generation never changes; a link is at a generation of its own object, and during a
/// rollout either at the one before or at the new one; a wave starts only after the one before passed; a
/// failed rollout sends every link it moved back to the generation that this link was at before.
/// Links move in bounded steps, so that no command costs more with more links.
@NullMarked
package io.holdfast.gridstate.rollout;

import org.jspecify.annotations.NullMarked;
