package io.holdfast.node.doctor;

import io.holdfast.node.doctor.Host.CommandResult;
import io.holdfast.node.doctor.Probe.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Probes of the programs that Holdfast calls.
final class ToolProbes {
    private static final String FIX = "holdfast doctor --fix";

    static final List<Probe> ALL = List.of(
            new Probe("criu", "checkpoints of applications", ToolProbes::criu),
            new Probe("runc", "containers", ToolProbes::runc),
            new Probe("isa-l", "erasure coding at the speed of memory", ToolProbes::isaLibrary));

    private ToolProbes() {}

    /// CRIU before 4.2 cannot dump a process with an inet socket on kernels from 6.16 on
    /// (checkpoint-restore/criu#2705).
    private static Result criu(Host host) {
        Optional<Path> command = host.command("criu");
        if (command.isEmpty()) {
            return Result.missing("not installed", FIX);
        }
        CommandResult version = host.run(command.get().toString(), "--version");
        if (!version.isSuccess()) {
            return Result.missing("does not start: " + version.firstLine(), FIX + " builds one that does");
        }
        KernelVersion criu = KernelVersion.in(version.firstLine());
        KernelVersion kernel = KernelVersion.of(host);
        if (kernel.isAtLeast(6, 16) && !criu.isAtLeast(4, 2)) {
            return Result.missing(
                    "version " + criu + " is too old for kernel " + kernel + ", which needs 4.2",
                    FIX + " builds 4.2.1");
        }
        CommandResult check = host.run(command.get().toString(), "check");
        if (!check.isSuccess()) {
            return Result.limited(
                    "version " + criu + " at " + command.get() + "; criu check: " + lastLine(check.text()),
                    "run as root with CAP_SYS_ADMIN and CAP_CHECKPOINT_RESTORE");
        }
        return Result.ok("version " + criu + " at " + command.get() + "; criu check passes");
    }

    private static Result runc(Host host) {
        Optional<Path> command = host.command("runc");
        if (command.isEmpty()) {
            return Result.missing("not installed", "apt-get install runc, or " + FIX);
        }
        CommandResult version = host.run(command.get().toString(), "--version");
        return version.isSuccess()
                ? Result.ok(version.firstLine())
                : Result.missing("does not start: " + version.firstLine(), "reinstall package runc");
    }

    private static Result isaLibrary(Host host) {
        return host.hasIsaLibrary()
                ? Result.ok("libisal.so.2")
                : Result.limited("no libisal.so.2: nodes code in Java, and start slower",
                        "apt-get install libisal2, or " + FIX);
    }

    private static String lastLine(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "failed" : lines.getLast().strip();
    }
}
