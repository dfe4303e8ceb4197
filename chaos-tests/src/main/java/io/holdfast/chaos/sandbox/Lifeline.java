package io.holdfast.chaos.sandbox;

import java.io.IOException;
import java.io.InputStream;

/// Ends this JVM when standard input ends, which it does when whoever holds its other end is gone, however
/// that came about.
public final class Lifeline {
    private static final int EXIT_ORPHANED = 75;

    private Lifeline() {}

    /// Watches from a thread of its own.
    public static void watch(InputStream input) {
        Thread.ofPlatform().daemon().name("lifeline").start(() -> {
            try {
                while (input.read() >= 0) {
                    // Only the end matters.
                }
            } catch (IOException e) {
                // An input that cannot be read has ended, too.
            }
            Runtime.getRuntime().halt(EXIT_ORPHANED);
        });
    }
}
