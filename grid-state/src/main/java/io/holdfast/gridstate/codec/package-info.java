/// The bytes of commands, replies and records. The only package that knows Kryo.
///
/// A frame is `level (1 byte) | type id (varint) | fields`. Ids stand in
/// [io.holdfast.gridstate.codec.TypeTable] and are never used for another type. A record's fields follow
/// each other in the order of its components, without names or lengths; how many of them there are is told
/// by the frame's *level*. Numbers are zigzag varints, text and octets have a length before them, lists a
/// count, optional values a flag; where a field's type is an interface, the id of the record's type stands
/// before its fields.
///
/// Rules for changing a type:
///
/// - A component is added at the end, of a type that has a neutral value (0, false, empty), with the level
///   from which on it is written. A component is never removed, reordered or given another type; the
///   constants of an enum are only appended. A new type gets a new id and the level from which on it may be
///   used.
/// - A node reads every level up to its own newest; components that a frame's level did not have are
///   neutral. It refuses a newer frame without looking further.
/// - Commands and records are written at the cluster's level, a fact of the ledger that is raised only once
///   every node understands it. So no node ever has to apply what it cannot read, and all write the same
///   bytes, whatever their releases.
///
/// Rejected: field numbers with lengths, so that an old node could skip what it does not know. A node that
/// skips part of a command ends up with another state than its peers; sizes would have grown by a third.
@NullMarked
package io.holdfast.gridstate.codec;

import org.jspecify.annotations.NullMarked;
