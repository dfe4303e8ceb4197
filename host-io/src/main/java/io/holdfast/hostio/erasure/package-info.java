/// Erasure coding: k data strips give m parity strips, and any k of the k + m give all of them back.
///
/// One matrix for all time, since strips on disk depend on it: a systematic Cauchy matrix over GF(2^8) with
/// the polynomial 0x11d, exactly ISA-L's `gf_gen_cauchy1_matrix`. Three back-ends compute the same bytes:
/// ISA-L where the host has it, the Vector API elsewhere, and look-up tables until the vector code is
/// compiled. Rejected: a Vandermonde matrix (faster for m = 2 without ISA-L, but not every square part of
/// it can be inverted) and one matrix per back-end (data could not move between hosts).
///
/// Entry classes: `ErasureCodecs`, which picks, and `ErasureCodec`. Codecs are concurrent. Nothing here
/// reads a clock but the warm-up of the vector back-end.
@NullMarked
package io.holdfast.hostio.erasure;

import org.jspecify.annotations.NullMarked;
