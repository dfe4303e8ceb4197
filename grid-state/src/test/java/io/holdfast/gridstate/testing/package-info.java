/// Stand-ins for tests of the catalogs and of those who use them.
@NullMarked
package io.holdfast.gridstate.testing;

import org.jspecify.annotations.NullMarked;
