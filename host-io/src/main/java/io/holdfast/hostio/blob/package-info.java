/// Immutable contents such as checkpoint images and layers, stored once and read anywhere in them.
///
/// A blob is a range of blocks of a volume that holds nothing else: so it is coded, spread, acknowledged,
/// repaired, cleaned and recovered as everything in a striped log is, and reading it needs no table beside
/// the volume's map. Its name says all there is to know: the range and the digest of the bytes.
///
/// Decisions:
/// - The volume is 64 TiB of addresses, most of which never hold anything, so that ranges are given out in
///   one direction and nothing has to be kept about free ones but where the last one ends. Only once they
///   are used up is the map looked through for holes.
/// - Blobs are padded to 4 KiB. Small ones lie side by side in the same rows.
/// - Who refers to a blob, and when none does any more, is for its owner to know: deleting is up to it.
/// - Another process reads by places: the store's process names where blocks lie, the reader gets them from
///   their holders. So no byte takes a detour.
///
/// Entry classes: `BlobStore`, `Blob`, `PlacedReader`.
@NullMarked
package io.holdfast.hostio.blob;

import org.jspecify.annotations.NullMarked;
