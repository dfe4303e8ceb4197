/// Images that the cluster keeps itself, by name: their manifest, configuration and layers are layers of the
/// registry ([io.holdfast.gridstate.layer]), to which an image refers as long as it has its name.
///
/// Invariants: an image that is entered has all its parts; a part stays as long as an image has it; an image
/// that the specification of an application names is not deleted, and no application is defined with one
/// that does not exist. A name may come to mean another image; what an application runs is decided when an
/// instance of it is started.
@NullMarked
package io.holdfast.gridstate.image;

import org.jspecify.annotations.NullMarked;
