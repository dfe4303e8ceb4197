package io.holdfast.hostio.container.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Collects what goes wrong in steps that are all to be tried. Confined to its caller.
final class Failures {
    private @Nullable IOException first;

    /// One step.
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    void attempt(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (IOException failure) {
            if (first == null) {
                first = failure;
            } else {
                first.addSuppressed(failure);
            }
        }
    }

    void throwFirst() throws IOException {
        if (first != null) {
            throw first;
        }
    }
}
