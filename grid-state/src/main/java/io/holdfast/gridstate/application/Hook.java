package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;

/// One way to tell an application that its memory is about to be saved, or that it goes on from what was
/// saved and is one of several now.
public sealed interface Hook {
    /// Hooks of one moment.
    int COUNT_MAX = 8;

    /// Longest time that a call may take.
    int WITHIN_MILLIS_MAX = 60_000;

    /// A signal to the first process; nobody waits for what that does.
    ///
    /// @param number of the signal
    record Signal(int number) implements Hook {
        public Signal {
            Check.range("a signal", number, 1, 64);
        }
    }

    /// A POST to the application's port, which must be answered with a status of 200 to 299.
    ///
    /// @param path what is called, beginning with `/`
    /// @param withinMillis how long that may take
    record Call(String path, int withinMillis) implements Hook {
        public Call {
            Check.text("a hook's path", path, 512);
            if (!path.startsWith("/") || path.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("a hook's path begins with '/' and holds no blank");
            }
            Check.range("a hook's patience", withinMillis, 1, WITHIN_MILLIS_MAX);
        }
    }
}
