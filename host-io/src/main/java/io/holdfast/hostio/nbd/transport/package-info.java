/// How bytes of a connection travel: plainly over a socket, or through TLS on it; and the pooled buffers
/// that carry large payloads within a budget.
@NullMarked
package io.holdfast.hostio.nbd.transport;

import org.jspecify.annotations.NullMarked;
