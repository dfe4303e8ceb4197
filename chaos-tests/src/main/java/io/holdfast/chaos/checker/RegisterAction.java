package io.holdfast.chaos.checker;

/// What a client may ask of a register.
public sealed interface RegisterAction {
    /// Read the value.
    record Read() implements RegisterAction {}

    /// Write a value whatever is there.
    record Write(String value) implements RegisterAction {}

    /// Write a value if the present one is as expected.
    record CompareAndSet(String expected, String next) implements RegisterAction {}
}
