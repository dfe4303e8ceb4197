/// What the API needs from the rest of the node, as small interfaces; the composition root
/// implements them. So the API knows neither the ledger's nor the grid's vendor.
@NullMarked
package io.holdfast.node.http.port;

import org.jspecify.annotations.NullMarked;
