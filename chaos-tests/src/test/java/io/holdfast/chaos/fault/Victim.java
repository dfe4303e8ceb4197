package io.holdfast.chaos.fault;

import io.holdfast.chaos.pace.Pause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/// A process to be hurt: writes and flushes a file again and again, opening it each time, and prints per
/// round
/// the year and whether that went well.
public final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        for (int round = 0; ; round++) {
            String outcome = "ok";
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[100]), 0);
                channel.force(false);
            } catch (IOException e) {
                outcome = "failed " + e.getMessage();
            }
            print(round + " " + Instant.now().toString().substring(0, 4) + " " + outcome);
            Pause.REAL.of(Duration.ofMillis(20));
        }
    }

    @SuppressWarnings("SystemOut") // what it prints is what the test reads
    private static void print(String line) {
        System.out.println(line);
    }
}
