/// Who is who: the cluster's certificate authority, this node's certificate, join tokens and user
/// tokens.
///
/// A cluster has one authority (two while it is being replaced). It signs short-lived node
/// certificates after [io.holdfast.node.identity.CertificateRequest] has proved that the asker
/// holds the key. [io.holdfast.node.identity.RotatingKeys] and
/// [io.holdfast.node.identity.ClusterTrust] are handed to every TLS port of the process (API, peer
/// link, Raft, grid); both change while connections are open, so a certificate rotates, an
/// authority is added and a node is evicted without a restart.
///
/// Invariants: TLS 1.3 only; a private key never leaves its node but for the authority's, which
/// voters hold; a secret is stored as its SHA-256 only and compared in constant time; a secret's
/// text appears in no `toString`. A secret has 256 random bits, so a plain SHA-256 cannot be
/// guessed back and no slow password hash is needed (rejected: it would cost CPU at every API
/// call). Entry classes: [io.holdfast.node.identity.CertificateAuthority] and
/// [io.holdfast.node.identity.IdentityDirectory].
@NullMarked
package io.holdfast.node.identity;

import org.jspecify.annotations.NullMarked;
