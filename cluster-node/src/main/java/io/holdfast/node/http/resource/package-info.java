/// What the operations of the contract do, one class per group of them.
@NullMarked
package io.holdfast.node.http.resource;

import org.jspecify.annotations.NullMarked;
