/// Fakes and contract tests of this module, for its own tests and for those of the modules above.
@NullMarked
package io.holdfast.hostio.testing;

import org.jspecify.annotations.NullMarked;
