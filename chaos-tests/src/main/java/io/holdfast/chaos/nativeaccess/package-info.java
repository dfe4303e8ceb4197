/// The few system calls that the JDK does not offer: the only package with a [java.lang.foreign.Linker].
/// Methods bear the names of what they call; failures carry the error number.
@NullMarked
package io.holdfast.chaos.nativeaccess;

import org.jspecify.annotations.NullMarked;
