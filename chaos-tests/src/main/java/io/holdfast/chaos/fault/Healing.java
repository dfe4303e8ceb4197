package io.holdfast.chaos.fault;

import java.io.IOException;

/// The undoing of a fault. Called once.
@FunctionalInterface
public interface Healing {
    void heal() throws IOException, InterruptedException;
}
