package io.holdfast.chaos.process;

import io.holdfast.chaos.nativeaccess.Signal;
import io.holdfast.chaos.nativeaccess.Signals;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// A process that runs until it ends by itself or its owner closes it, with everything that it started.
/// Concurrent.
public final class RunningProcess implements AutoCloseable {
    private static final long KILL_SECONDS_MAX = 10;

    private final Command command;
    private final Process process;

    private RunningProcess(Command command, Process process) {
        this.command = command;
        this.process = process;
    }

    /// Starts it; standard input stays open until it is closed, for programs that end with their parent.
    public static RunningProcess start(Command command) throws IOException {
        Process process = builder(command).start();
        if (!command.input().isEmpty()) {
            feed(process, command.input());
        }
        return new RunningProcess(command, process);
    }

    static ProcessBuilder builder(Command command) {
        ProcessBuilder builder = new ProcessBuilder(command.arguments());
        builder.environment().putAll(command.environment());
        command.directory().map(Path::toFile).ifPresent(builder::directory);
        command.log().map(Path::toFile).ifPresent(log -> logTo(builder, log));
        return builder;
    }

    private static void logTo(ProcessBuilder builder, File log) {
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    }

    static void feed(Process process, String input) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that does not read its input to the end may still succeed: its exit code decides.
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    public Command command() {
        return command;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /// Waits for the end; empty when the limit passes first.
    public OptionalInt await(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /// Sends the signal to the process alone.
    public void signal(Signal signal) throws IOException {
        if (process.isAlive()) {
            Signals.send(process.pid(), signal);
        }
    }

    /// Sends the signal to everything that the process started and to itself.
    public void signalTree(Signal signal) throws IOException {
        List<ProcessHandle> descendants = process.descendants().toList();
        signal(signal);
        for (ProcessHandle descendant : descendants) {
            if (descendant.isAlive()) {
                Signals.send(descendant.pid(), signal);
            }
        }
    }

    /// Kills the process with everything that it started, and waits until it is gone.
    @Override
    public void close() throws IOException {
        signalTree(Signal.KILL);
        try {
            if (!process.waitFor(KILL_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("killed process does not end, pid=" + process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
