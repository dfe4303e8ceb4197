package io.holdfast.node.cli;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.tour.Tour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast tour`: what Holdfast does, shown and checked on this machine.
@Command(
        name = "tour",
        sortOptions = false,
        description = {
            "Show on this machine what Holdfast does, with the files of a folder; about a minute.",
            "",
            "Starts three nodes in a temporary folder, enters every file with its digest through all of",
            "them, kills nodes meanwhile, and reads everything back. Says what it does, what it saw and how",
            "long it took; exit code 0 only if every check held. Leaves nothing behind.",
            "",
            "  holdfast tour",
            "  holdfast tour --folder ~/Documents --keep",
            ""
        })
final class TourCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Whose files are entered, at most 1000 and 1 GiB. Default: the JDK that runs this.")
    Path folder = Path.of(System.getProperty("java.home"));

    @Option(names = "--keep", description = "Keep the nodes' folder, with their logs.")
    boolean isKept;

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new CliException(ExitCode.USAGE, "there is no folder " + folder, "name one with --folder");
        }
        Path directory = Files.createTempDirectory("holdfast-tour");
        Tour tour = new Tour(
                UpCommand.executable(),
                directory,
                folder.toAbsolutePath().normalize(),
                Outlet.specOf(spec).commandLine().getOut());
        boolean isAllSo = tour.run();
        if (isAllSo && !isKept) {
            Tour.remove(directory);
        } else {
            Outlet.of(spec).remark("the nodes' folder, with their logs: " + directory);
        }
        return (isAllSo ? ExitCode.OK : ExitCode.FAILED).number();
    }
}
