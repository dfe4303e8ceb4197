package io.holdfast.chaos.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A harness for the test that kills it: opens a sandbox and waits.
public final class KillVictim {
    private KillVictim() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-Dmark="
                + arguments[0]);
        new Sandbox(Identity.ofCaller(), options, Path.of(arguments[1]))
                .run(Occupant.class, List.of(arguments[0], arguments[2]), Duration.ofMinutes(1));
    }
}
