package io.holdfast.chaos.powercut;

import io.holdfast.chaos.powercut.subject.Haste;
import io.holdfast.chaos.sandbox.Identity;
import io.holdfast.chaos.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A harness for the test that kills it: cuts the power until then.
///
/// Arguments: kind of file system, seed, folder.
public final class PowerCutVictim {
    private PowerCutVictim() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[2]);
        new Sandbox(Identity.ofCaller(), PowerCutTest.JVM_OPTIONS, folder.resolve("victim.log")).run(
                PowerCutRun.class,
                List.of(arguments[0], arguments[1], "100000", Haste.NONE.name(),
                        folder.resolve("report.json").toString()),
                Duration.ofMinutes(5));
    }
}
