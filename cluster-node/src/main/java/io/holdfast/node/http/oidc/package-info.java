/// Login at an OpenID provider: authorization code with PKCE, as OpenID Connect Core 1.0 and the security
/// best practice for OAuth (RFC 9700) have it. Entry class: [io.holdfast.node.http.oidc.OidcSignOn].
///
/// Invariants: the provider is found by its issuer alone, over HTTPS, and is asked within bounds of time and
/// size; an identity counts only with a signature by one of the provider's keys (no shared-key and no
/// unsigned form), for this client, from this issuer, not expired, and with the nonce of this very attempt.
/// Names carry a prefix, so that nobody at the provider becomes a user that an admin made here. Nothing is
/// kept per attempt: the browser has it in a cookie, and the ledger lets each attempt open one session.
///
/// Signatures are verified by Nimbus JOSE+JWT, which is known here alone; an own verifier was rejected, and
/// so was Nimbus' whole SDK, of which this would use a tenth. Threads: whoever calls waits for the provider.
@NullMarked
package io.holdfast.node.http.oidc;

import org.jspecify.annotations.NullMarked;
