/// What tests of the node share: identities of a made-up cluster, and parties that play fair or
/// foul.
@NullMarked
package io.holdfast.node.testing;

import org.jspecify.annotations.NullMarked;
