/// What of the product stores something, working on a recorded disk in the process that records it.
@NullMarked
package io.holdfast.chaos.powercut.subject;

import org.jspecify.annotations.NullMarked;
