/// OCI images: those that the cluster keeps, and what of images is unpacked on this node as roots of
/// applications.
///
/// An import ([io.holdfast.node.image.ImageImports]) is an operation of the node that was asked. It reads an
/// image from a layout of its host or from a registry, puts each part that the cluster does not have yet
/// into the chunk store as a blob, and enters the image under its name when all are there. From then on any
/// node runs it: what a node has not unpacked it fetches from the hosts that hold the parts
/// ([io.holdfast.node.image.ClusterImages]). A layer that no image refers to any more leaves the registry
/// after a while ([io.holdfast.node.image.LayerReclaimer]), and its blob with it.
///
/// A name of the cluster means what the catalog says when an instance is started, on all nodes the same. Any
/// other reference is looked up by each node itself, when an application first needs it there, and then
/// stands for that image as long as the node runs and has its layers: a tag that moves meanwhile does not
/// change what an application is restarted from. A source that is out of reach later is not missed by a node
/// that has the image.
///
/// Invariants: a part is verified against its digest when it is imported and again when it is unpacked; it
/// is durable before the registry names it; an image is entered only with all its parts; an unpacked layer
/// that a container stands on, or that was used lately, is never removed. Threads: callers' own; one
/// resolves an image while others that want it wait; imports have virtual threads of their own, a bounded
/// number.
@NullMarked
package io.holdfast.node.image;

import org.jspecify.annotations.NullMarked;
