/// What a run of many minutes comes to: how its faults are spread over the time, what is counted, and the
/// document of its figures. Nothing here waits, starts or judges; the soak scenario does. What is kept does
/// not grow with the operations. Entry class: [io.holdfast.chaos.soak.SoakTally].
@NullMarked
package io.holdfast.chaos.soak;

import org.jspecify.annotations.NullMarked;
