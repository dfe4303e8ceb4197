package io.holdfast.chaos.sandbox;

import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A disposable set of namespaces in which one Java program runs. Immutable; see the package for what
/// ends it.
///
/// @param identity who makes the namespaces
/// @param jvmOptions options of the JVM inside, before the name of the program
/// @param log takes what the program prints
public record Sandbox(Identity identity, List<String> jvmOptions, Path log) {
    /// The variable by which a program knows that it is inside.
    public static final String INSIDE = "HOLDFAST_CHAOS_SANDBOX";

    private static final String SCRIPT = script();

    public Sandbox {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /// Runs the program on this JVM's class path and waits for its end.
    ///
    /// A thread of its own starts and awaits it: the kernel kills the sandbox when the thread dies that
    /// started it.
    ///
    /// @return its exit code, or empty if it had to be killed at the limit
    public OptionalInt run(Class<?> program, List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        FutureTask<OptionalInt> task = new FutureTask<>(() -> startAndAwait(program, arguments, limit));
        Thread.ofPlatform().name("sandbox-" + program.getSimpleName()).daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException("sandbox failed, log=" + log, e.getCause());
        } finally {
            task.cancel(true);
        }
    }

    private OptionalInt startAndAwait(Class<?> program, List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(jvmOptions);
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        java.addAll(arguments);
        Command command = Command.of(java).prefixedBy(prefix(identity)).with(INSIDE, "1").loggedTo(log);
        try (RunningProcess process = RunningProcess.start(command)) {
            return process.await(limit);
        }
    }

    /// The command line that makes a sandbox around the command line after it.
    static List<String> prefix(Identity identity) {
        List<String> words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        // Between fork and the call above the parent may have died already: then nobody sends the signal.
        words.addAll(List.of("sh", "-c", "[ \"$PPID\" = \"$0\" ] || exit 75; exec \"$@\"",
                String.valueOf(ProcessHandle.current().pid())));
        words.add("unshare");
        words.addAll(identity.unshareOptions());
        words.addAll(List.of("--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child=KILL"));
        words.addAll(List.of("sh", "-c", SCRIPT, "sandbox"));
        return words;
    }

    private static String script() {
        try (InputStream stream = Sandbox.class.getResourceAsStream("sandbox-init.sh")) {
            if (stream == null) {
                throw new IllegalStateException("sandbox-init.sh is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
