/// The identities of stored things, shared with the catalogs that refer to them. Immutable values, nothing
/// else.
@NullMarked
package io.holdfast.hostio.id;

import org.jspecify.annotations.NullMarked;
