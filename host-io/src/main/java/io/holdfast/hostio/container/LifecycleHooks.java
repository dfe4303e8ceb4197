package io.holdfast.hostio.container;

import java.time.Duration;
import java.util.List;

/// What is told to a container's processes around a checkpoint, so that copies of one state become
/// different: random seeds drawn again, caches of identity dropped, connections opened anew.
///
/// Every container finds `/run/holdfast/identity.json` (its name, host name, address, a fresh random seed
/// and how often it was restored), rewritten before it goes on after a restore; the hooks say when to read
/// it.
///
/// @param beforeCheckpoint in order, each waited for; if one fails there is no checkpoint
/// @param afterRestore in order, each waited for; if one fails the restore has failed
public record LifecycleHooks(List<Hook> beforeCheckpoint, List<Hook> afterRestore) {
    public static final LifecycleHooks NONE = new LifecycleHooks(List.of(), List.of());

    public LifecycleHooks {
        beforeCheckpoint = List.copyOf(beforeCheckpoint);
        afterRestore = List.copyOf(afterRestore);
    }

    /// One way to tell a process something.
    public sealed interface Hook {}

    /// Sends a signal to the first process; nobody can tell when it has been handled.
    public record SendSignal(int number) implements Hook {
        public SendSignal {
            if (number < 1 || number > 64) {
                throw new IllegalArgumentException("not a signal: number=" + number);
            }
        }
    }

    /// Makes an HTTP POST without a body to the container; any answer but 2xx, or none in time, has failed.
    public record CallHttp(int port, String path, Duration deadline) implements Hook {
        public CallHttp {
            if (port < 1 || port > 65_535 || !path.startsWith("/")) {
                throw new IllegalArgumentException("not an address to call: port=" + port + " path=" + path);
            }
        }
    }
}
