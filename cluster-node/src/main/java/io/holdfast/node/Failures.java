package io.holdfast.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Failures as one line for people, and out of the wrappings that futures put around them.
final class Failures {
    private static final int CAUSES_MAX = 8;

    private Failures() {}

    /// The messages of a failure and its causes, outermost first.
    static String chainOf(Throwable failure) {
        List<String> messages = new ArrayList<>();
        Throwable next = failure;
        while (next != null && messages.size() < CAUSES_MAX) {
            String message = next.getMessage();
            messages.add(message == null ? next.getClass().getSimpleName() : message);
            next = next.getCause();
        }
        return String.join(": ", messages);
    }

    /// What a future failed with, if it can be thrown as it is.
    static RuntimeException asUnchecked(CompletionException wrapped) {
        return wrapped.getCause() instanceof RuntimeException cause ? cause : wrapped;
    }
}
