/// Calls into native libraries: the only package that links foreign functions.
///
/// One class per C header; methods carry the C function's meaning, Java types outside. A library that is not
/// on the host is an empty result, never an error: its users have another way.
@NullMarked
package io.holdfast.hostio.nativeaccess;

import org.jspecify.annotations.NullMarked;
