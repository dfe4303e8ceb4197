/// Mutual TLS 1.3 and admission for the grid, which the vendor's open edition lacks.
///
/// Everything that touches the vendor's internal classes is here, is pinned to one version of it
/// ([io.holdfast.gridstate.hazelcast.security.SecuredNodeExtension#HAZELCAST_VERSION]) and refuses to start
/// with any other; an upgrade begins with the contract test of this package.
///
/// Who may take part is decided elsewhere and handed in as a predicate over certificate names. It is asked
/// when a connection is made, when a member asks to join, and again on every sweep: connections of a name
/// that is no longer admitted are closed, its member is removed, and a node that finds itself out stops its
/// own member.
///
/// Locks: a [io.holdfast.gridstate.hazelcast.security.TlsChannel] guards its engine's handshake with itself
/// and calls nothing foreign while holding it.
@NullMarked
package io.holdfast.gridstate.hazelcast.security;

import org.jspecify.annotations.NullMarked;
