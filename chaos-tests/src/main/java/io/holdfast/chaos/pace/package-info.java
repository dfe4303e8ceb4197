/// How the harness waits: on conditions, with deadlines. [io.holdfast.chaos.pace.Pause] is the only place
/// that sleeps; everything else takes one.
@NullMarked
package io.holdfast.chaos.pace;

import org.jspecify.annotations.NullMarked;
