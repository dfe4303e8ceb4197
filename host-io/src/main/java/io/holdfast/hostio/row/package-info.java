/// Rows of a chunk: blocks in, one strip per fragment out, and back from any k of them.
///
/// Pure: no disk, no clock, no threads. A row of j blocks has j data strips (1 <= j <= k) and m parity
/// strips, all equally wide; data strips that do not exist count as zeros and take no space. The headers'
/// bodies are coded like the payloads, so a lost strip comes back with its block numbers and checksums, and
/// is verified by them.
///
/// Decision: short rows begin at fragment `row mod k`, so that single blocks spread over the hosts.
/// Entry classes: `RowShape`, `RowEncoder`, `RowDecoder`.
@NullMarked
package io.holdfast.hostio.row;

import org.jspecify.annotations.NullMarked;
