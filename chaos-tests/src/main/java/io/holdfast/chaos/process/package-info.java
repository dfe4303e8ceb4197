/// Child processes of the harness: the only package that starts any. Every command has a deadline or an
/// owner that ends it; output goes to a file or is kept up to a bound.
@NullMarked
package io.holdfast.chaos.process;

import org.jspecify.annotations.NullMarked;
