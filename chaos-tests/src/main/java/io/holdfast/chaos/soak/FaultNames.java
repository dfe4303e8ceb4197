package io.holdfast.chaos.soak;

import io.holdfast.chaos.fault.ClockFault;
import io.holdfast.chaos.fault.DescriptorFault;
import io.holdfast.chaos.fault.Fault;
import io.holdfast.chaos.fault.FreezeFault;
import io.holdfast.chaos.fault.KillFault;
import io.holdfast.chaos.fault.MemoryFault;
import io.holdfast.chaos.fault.NetworkFault;
import io.holdfast.chaos.fault.RotFault;
import io.holdfast.chaos.fault.SystemCallFault;

/// What faults are counted under: their kind without the nodes. Stateless.
public final class FaultNames {
    private FaultNames() {}

    public static String of(Fault fault) {
        return switch (fault) {
            case NetworkFault network -> "network: "
                    + network.describe().replaceFirst(" (of|over|around|on all|node|\\[).*", "");
            case KillFault kill -> kill.nodes().size() > 2 ? "kill -9 of the whole cluster" : "kill -9";
            case FreezeFault _ -> "freeze";
            case SystemCallFault call -> "disk: " + effect(call);
            case DescriptorFault _ -> "no more descriptors";
            case MemoryFault _ -> "no more memory";
            case ClockFault clock -> "clock " + (clock.seconds() < 0 ? "back" : "ahead");
            case RotFault rot -> "disk: blocks " + rot.damage().words();
        };
    }

    private static String effect(SystemCallFault call) {
        return switch (call.effect()) {
            case SystemCallFault.Effect.Fail fail when fail.everyNth() > 1 ->
                fail.errno() + " at some writes";
            case SystemCallFault.Effect.Fail fail when call.calls().contains("pwrite64") ->
                fail.errno() + " at writes";
            case SystemCallFault.Effect.Fail fail -> fail.errno() + " at flushes";
            case SystemCallFault.Effect.Delay _ -> "slow flushes";
            case SystemCallFault.Effect.KillAt _ -> "killed in a flush";
        };
    }
}
