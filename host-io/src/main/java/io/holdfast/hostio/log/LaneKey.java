package io.holdfast.hostio.log;

import java.util.function.Supplier;

/// Which lane, and how it is written at the moment.
record LaneKey(int number, Supplier<LogOptions> settings) {
    LogOptions options() {
        return settings.get();
    }
}
