/// Real clusters under real faults, with checkers that would notice.
@NullMarked
package io.holdfast.chaos;

import org.jspecify.annotations.NullMarked;
