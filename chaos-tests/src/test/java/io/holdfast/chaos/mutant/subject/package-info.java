/// What makes the product's own rules work so that a bug planted in them shows. Loaded together with the
/// product, apart from its good classes.
@NullMarked
package io.holdfast.chaos.mutant.subject;

import org.jspecify.annotations.NullMarked;
