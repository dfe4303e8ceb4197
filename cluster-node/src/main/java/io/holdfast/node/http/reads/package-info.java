/// Catalog reads and changes out of a node's own ledger store: works on every node, whatever the
/// grid does.
@NullMarked
package io.holdfast.node.http.reads;

import org.jspecify.annotations.NullMarked;
