/// OCI container images: found in a layout, an archive or a registry, checked, and unpacked layer by layer.
///
/// An [io.holdfast.hostio.image.ImageReference] opens an [io.holdfast.hostio.image.ImageSource]; from it an
/// [io.holdfast.hostio.image.ImageReader] reads the index, the manifest of this platform and the
/// configuration, and the [io.holdfast.hostio.image.ImageStore] has each layer made by a `LayerUnpacker`.
///
/// An image is somebody else's bytes. Invariants: nothing is used before its size and digest were right;
/// what is unpacked stays within its folder, because every name is looked up as if that folder were the root
/// (`openat2`); bytes, entries, names and documents are bounded before anything is made of them; a refusal
/// names the layer and the entry. A layer is unpacked once, by the digest of its uncompressed bytes, beside
/// its place, and gets there by one rename when all of it is on the disk; what a crash leaves half-made is
/// removed at the next start. Layers that were used longest ago are removed when all of them take more than
/// their owner allows, but none that was used lately or that a container stands on.
///
/// Decisions: a layer is unpacked without those below it, so that images share it; a whiteout becomes the
/// character device 0/0 of overlayfs, an opaque folder its attribute. Set-user-id, device files and file
/// capabilities have no effect in containers here (their roots are mounted without them), so of device files
/// only the harmless ones are made, others refused, and capabilities are left out. Attributes `trusted.*`
/// would speak to overlayfs and are left out too. Names must be UTF-8.
///
/// Threads: everything blocks; the store may be used by several threads, all else by one.
@NullMarked
package io.holdfast.hostio.image;

import org.jspecify.annotations.NullMarked;
