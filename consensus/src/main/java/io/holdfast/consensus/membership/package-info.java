/// Who votes and who follows, changed online.
@NullMarked
package io.holdfast.consensus.membership;

import org.jspecify.annotations.NullMarked;
