package io.holdfast.hostio.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One command run to its end: no shell, a deadline, bounded output, its own session, and on a missed
/// deadline or an interrupt exactly its process tree killed.
///
/// Immutable: each `with` method answers a changed copy. What a command leaves running after it ended by
/// itself (a daemon it started) is left alone.
public final class ProcessRun {
    private static final Duration DEADLINE_DEFAULT = Duration.ofSeconds(30);
    private static final int OUTPUT_BYTES_MAX_DEFAULT = 1024 * 1024;

    /// How long a daemon that inherited the pipes may hold back the result after the command itself ended.
    private static final long PIPE_GRACE_MILLIS = 500;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Optional<Path> directory;
    private final String input;
    private final Duration deadline;
    private final int outputBytesMax;

    private ProcessRun(Settings settings) {
        this.command = List.copyOf(settings.command);
        this.environment = Map.copyOf(settings.environment);
        this.directory = settings.directory;
        this.input = settings.input;
        this.deadline = settings.deadline;
        this.outputBytesMax = settings.outputBytesMax;
    }

    public static ProcessRun of(String... command) {
        return of(List.of(command));
    }

    public static ProcessRun of(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a run needs a command");
        }
        Settings settings = new Settings();
        settings.command = command;
        return new ProcessRun(settings);
    }

    public ProcessRun withDeadline(Duration changed) {
        Settings settings = settings();
        settings.deadline = changed;
        return new ProcessRun(settings);
    }

    public ProcessRun withOutputBytesMax(int changed) {
        Settings settings = settings();
        settings.outputBytesMax = changed;
        return new ProcessRun(settings);
    }

    /// Added to (or replacing a variable of) the environment of this process.
    public ProcessRun withEnvironment(String name, String value) {
        Settings settings = settings();
        settings.environment = new HashMap<>(environment);
        settings.environment.put(name, value);
        return new ProcessRun(settings);
    }

    public ProcessRun withDirectory(Path changed) {
        Settings settings = settings();
        settings.directory = Optional.of(changed);
        return new ProcessRun(settings);
    }

    /// Written to its standard input, which is closed afterwards; without this it reads end of file.
    public ProcessRun withInput(String changed) {
        Settings settings = settings();
        settings.input = changed;
        return new ProcessRun(settings);
    }

    /// Runs it. Never longer than the deadline and the time that killing takes.
    ///
    /// @throws CommandNotFoundException when the host has no such command
    public ProcessOutcome run() throws IOException, InterruptedException {
        long startedAt = System.nanoTime();
        Process process = start();
        BoundedCapture output = new BoundedCapture(BoundedCapture.Keep.BEGINNING, outputBytesMax);
        BoundedCapture errors = new BoundedCapture(BoundedCapture.Keep.END, outputBytesMax);
        Thread outputReader = reader("out", process, () -> output.drain(process.getInputStream()));
        Thread errorReader = reader("err", process, () -> errors.drain(process.getErrorStream()));
        reader("in", process, () -> feed(process.getOutputStream()));
        ProcessExit exit = awaitExit(process);
        outputReader.join(PIPE_GRACE_MILLIS);
        errorReader.join(PIPE_GRACE_MILLIS);
        return new ProcessOutcome(
                command,
                exit,
                output.text(),
                errors.text(),
                output.droppedBytes() + errors.droppedBytes(),
                Duration.ofNanos(System.nanoTime() - startedAt));
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(inOwnSession(command));
        builder.environment().putAll(environment);
        directory.ifPresent(path -> builder.directory(path.toFile()));
        return builder.start();
    }

    /// setsid(1) replaces itself by the command (it forks only when it already leads a group, which a child
    /// of Java never does), so the pid we know is the command's.
    static List<String> inOwnSession(List<String> command) throws IOException {
        List<String> full = new ArrayList<>();
        full.add(Executables.require("setsid").toString());
        full.add(Executables.require(command.getFirst()).toString());
        full.addAll(command.subList(1, command.size()));
        return full;
    }

    private ProcessExit awaitExit(Process process) throws InterruptedException {
        try {
            if (process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                return ProcessExit.of(process.exitValue());
            }
        } catch (InterruptedException interrupted) {
            new ProcessTree(process.pid()).kill();
            throw interrupted;
        }
        new ProcessTree(process.pid()).kill();
        return new ProcessExit.DeadlineExceeded(deadline);
    }

    private void feed(OutputStream stream) {
        try (stream) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // A command need not read its input to the end.
            return;
        }
    }

    /// A pipe's read blocks its thread, so these are threads of their own; they end with the pipe.
    private Thread reader(String pipe, Process process, Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name("process-" + process.pid() + "-" + pipe)
                .start(work);
    }

    private Settings settings() {
        Settings settings = new Settings();
        settings.command = command;
        settings.environment = environment;
        settings.directory = directory;
        settings.input = input;
        settings.deadline = deadline;
        settings.outputBytesMax = outputBytesMax;
        return settings;
    }

    /// The changeable form, confined to the method that makes a copy.
    private static final class Settings {
        private List<String> command = List.of();
        private Map<String, String> environment = Map.of();
        private Optional<Path> directory = Optional.empty();
        private String input = "";
        private Duration deadline = DEADLINE_DEFAULT;
        private int outputBytesMax = OUTPUT_BYTES_MAX_DEFAULT;
    }
}
