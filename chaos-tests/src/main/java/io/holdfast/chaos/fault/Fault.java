package io.holdfast.chaos.fault;

import java.io.IOException;

/// Something that goes wrong.
public sealed interface Fault
        permits NetworkFault, KillFault, FreezeFault, SystemCallFault, DescriptorFault, MemoryFault,
                ClockFault, RotFault {
    /// One line for the timeline; the same for equal faults.
    String describe();

    /// Breaks it.
    ///
    /// @return how it is made whole again
    /// @throws UnsupportedOperationException if this site cannot do it; nothing has changed then
    Healing apply(FaultSite site) throws IOException, InterruptedException;
}
