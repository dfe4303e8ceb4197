package io.holdfast.node.cli;

import io.holdfast.node.cli.output.ExitCode;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root of all commands.
@Command(
        name = "holdfast",
        versionProvider = HoldfastCommand.Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A cluster for container hosts in which running state is a stored artefact.",
            "",
            "A cluster on this machine, three nodes, ready to use:",
            "  holdfast up",
            "  holdfast status",
            "  holdfast down",
            "",
            "What it can do, shown on this machine:",
            "  holdfast tour",
            "",
            "Every command explains itself, with examples: holdfast COMMAND --help",
            ""
        },
        subcommands = {
            UpCommand.class, DownCommand.class, StatusCommand.class, TourCommand.class,
            DoctorCommand.class, LoginCommand.class,
            NodeCommand.class, ClusterCommand.class, TokenCommand.class, UserCommand.class,
            AppCommand.class, VolumeCommand.class, SnapshotCommand.class, ImageCommand.class,
            LayerCommand.class, ChunkCommand.class, RolloutCommand.class,
            LeaseCommand.class, SettingCommand.class, CatalogCommand.class,
            OperationCommand.class, AuditCommand.class, WatchCommand.class, WaitCommand.class,
            ContextCommand.class, HistoryCommand.class, BundleCommand.class, WarmUpCommand.class
        })
final class HoldfastCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean isHelp;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean isVersion;

    @Override
    public Integer call() {
        CommandSpec root = Outlet.specOf(spec);
        root.commandLine().usage(root.commandLine().getOut());
        return ExitCode.USAGE.number();
    }

    @Command(
            name = "completion",
            description = {
                "Print a completion script for a shell.",
                "",
                "  source <(holdfast completion bash)",
                "  holdfast completion zsh > ~/.holdfast-completion && source ~/.holdfast-completion"
            })
    int completion(@Parameters(paramLabel = "bash|zsh", description = "The shell.") Shell shell) {
        String script = AutoComplete.bash("holdfast", Outlet.specOf(spec).commandLine());
        Outlet out = Outlet.of(spec);
        if (shell == Shell.ZSH) {
            out.text("autoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n");
        }
        out.text(script);
        return ExitCode.OK.number();
    }

    @Command(name = "exit-codes", description = "List the exit codes that scripts can rely on.")
    int exitCodes() {
        Outlet.of(spec).text(Arrays.stream(ExitCode.values())
                .map(code -> code.number() + "  " + code.meaning() + "\n")
                .collect(Collectors.joining()));
        return ExitCode.OK.number();
    }

    enum Shell {
        BASH,
        ZSH
    }

    /// The version that the build wrote into the jar.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = HoldfastCommand.class.getPackage().getImplementationVersion();
            return new String[] {"holdfast " + (version == null ? "development" : version)};
        }
    }
}
