package io.holdfast.hostio.testing;

import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.process.ProcessExit;
import java.net.InetAddress;
import java.util.Optional;

/// What runs in a container of [FakeContainerRuntime].
public interface SimulatedProgram extends AutoCloseable {
    /// Where it can be reached.
    default InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }

    /// What it has written so far.
    String output();

    /// Its memory, as a checkpoint keeps it.
    byte[] save();

    /// How it ended by itself, if it did.
    default Optional<ProcessExit> exit() {
        return Optional.empty();
    }

    /// What prevents a checkpoint; empty if nothing does.
    default String obstacle() {
        return "";
    }

    /// Stands still or goes on; what arrives meanwhile waits.
    default void freeze(boolean isFrozen) {}

    @Override
    default void close() {}

    /// Chooses what a specification runs.
    @FunctionalInterface
    interface Source {
        /// Starts it.
        ///
        /// @param memory what [#save()] answered at the checkpoint; empty for a cold start
        SimulatedProgram start(ContainerSpec spec, byte[] memory);
    }

    /// Prints its command and a count of its starts, then idles; `exit N` ends with code N.
    static SimulatedProgram shell(ContainerSpec spec, byte[] memory) {
        var words = spec.program().command();
        String output = memory.length == 0 ? String.join(" ", words) + "\n" : "";
        return new SimulatedProgram() {
            @Override
            public String output() {
                return output;
            }

            @Override
            public byte[] save() {
                return new byte[] {1};
            }

            @Override
            public Optional<ProcessExit> exit() {
                return words.getFirst().equals("exit")
                        ? Optional.of(new ProcessExit.Code(Integer.parseInt(words.get(1))))
                        : Optional.empty();
            }
        };
    }
}
