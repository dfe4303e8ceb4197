package io.holdfast.chaos.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Short commands: started, waited for, killed when they outstay their limit. Immutable.
public record CommandRunner(Duration limit) {
    private static final int OUTPUT_BYTES_MAX = 4 << 20;

    /// Runs the command to its end.
    ///
    /// @throws IOException if it cannot be started or takes too long
    public CommandResult run(Command command) throws IOException, InterruptedException {
        Process process = RunningProcess.builder(command).start();
        try {
            CompletableFuture<String> output = drain(process.getInputStream());
            CompletableFuture<String> errors = drain(process.getErrorStream());
            RunningProcess.feed(process, command.input());
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("command took too long, limitMillis=" + limit.toMillis()
                        + ", command=" + command);
            }
            return new CommandResult(command, process.exitValue(), output.join(), errors.join());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> drain(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().name("drain").start(() -> {
            try (stream) {
                text.complete(new String(stream.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8));
                stream.skip(Long.MAX_VALUE);
            } catch (IOException e) {
                text.complete("(output lost: " + e.getMessage() + ")");
            }
        });
        return text;
    }
}
