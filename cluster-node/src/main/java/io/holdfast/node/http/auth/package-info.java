/// Who calls the API: bearer tokens, the web UI's cookie, and client certificates, looked up in
/// this node's own copy of the ledger at every call, so that a revocation holds as soon as it is
/// applied here.
@NullMarked
package io.holdfast.node.http.auth;

import org.jspecify.annotations.NullMarked;
