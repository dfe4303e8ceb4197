/// OCI images as roots of applications on this node.
///
/// A reference is looked up once, when an application first needs it here, and then stands for that image as
/// long as the node runs: a tag that moves meanwhile does not change what an application is restarted from.
/// A registry that is out of reach later is not missed by a node that has the image.
/// Layers are unpacked before the first start that needs them; further starts find them on the disk.
/// Threads: callers' own; one resolves a reference while others that want it wait.
@NullMarked
package io.holdfast.node.image;

import org.jspecify.annotations.NullMarked;
