package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast volume`: block devices kept over several hosts.
@Command(
        name = "volume",
        synopsisSubcommandLabel = "VERB",
        description = {
            "Block devices kept over several hosts.",
            "",
            "  holdfast volume create db --size 10GiB --profile 2+1",
            "  nbdinfo $(holdfast volume export db)",
            "  mkfs.ext4 $(holdfast volume attach db)",
            ""
        })
final class VolumeCommand {
    private static final List<Column> SNAPSHOT_COLUMNS =
            Column.of("name:key", "number", "sizeBytes", "protected:isProtected", "createdMillis");

    private static final List<Column> EXTENT_COLUMNS = Column.of("offset", "length", "isZero");

    @Spec
    @Nullable CommandSpec spec;

    /// The volume that a verb is about.
    static final class Which {
        @Parameters(index = "0", paramLabel = "NAME", description = "Which volume.")
        String name = "";

        String path(String rest) {
            return Catalog.VOLUME.pathOf(name) + rest;
        }
    }

    /// The snapshot that a verb is about.
    static final class WhichSnapshot {
        @Parameters(index = "0", paramLabel = "NAME@SNAPSHOT",
                description = "Which snapshot of which volume.")
        String text = "";

        String path(String rest) throws CliException {
            int at = text.indexOf('@');
            if (at < 1) {
                throw new CliException(ExitCode.USAGE, "a snapshot is written NAME@SNAPSHOT: " + text,
                        "list them with 'holdfast volume snapshots NAME'");
            }
            return Catalog.VOLUME.pathOf(text.substring(0, at)) + "/snapshots/"
                    + ApiRequest.segment(text.substring(at + 1)) + rest;
        }

        String volume() {
            return text.substring(0, Math.max(0, text.indexOf('@')));
        }

        String snapshot() {
            return text.substring(text.indexOf('@') + 1);
        }

        /// Whether a volume itself is meant.
        boolean isVolume() {
            return text.indexOf('@') < 0;
        }
    }

    /// Whether others are shut out.
    static final class Force {
        @Option(
                names = "--force",
                description = "Shut out another node that holds the volume, and part with its clients.")
        boolean isForced;

        ApiRequest on(ApiRequest request) {
            return isForced ? request.withQuery("force", "true") : request;
        }
    }

    @Command(
            name = "list",
            sortOptions = false,
            description = {"List them.", "", "  holdfast volume list --watch", ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.VOLUME.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(@Mixin ReadOptions options, @Mixin Which which) throws CliException {
        try (ApiClient client = options.connect()) {
            JsonNode volume = client.call(options.reading(ApiRequest.get(which.path(""))));
            if (volume instanceof ObjectNode known) {
                known.set("figures", client.call(options.reading(ApiRequest.get(which.path("/figures")))));
            }
            Outlet.of(spec).single(options.format, volume);
        }
        return ExitCode.OK.number();
    }

    /// What a new volume is to be.
    static final class Shape {
        @Option(
                names = "--size",
                required = true,
                paramLabel = "SIZE",
                converter = ByteSize.Converter.class,
                description = "Its size, such as 10GiB.")
        ByteSize size = new ByteSize(0);

        @Option(
                names = "--profile",
                paramLabel = "K+M",
                description = "Data and parity strips: survives the loss of M hosts. Default: 2+1.")
        String profile = "2+1";

        @Option(
                names = "--spread",
                paramLabel = "node|disk",
                description = "What no two strips of a row may share. Default: node.")
        String spread = "node";

        @Option(
                names = "--degraded",
                description = "Go on writing, with less parity, while too few hosts are up.")
        boolean isDegraded;

        ObjectNode body(String name) {
            return JsonNodeFactory.instance.objectNode()
                    .put("name", name)
                    .put("sizeBytes", size.bytes())
                    .put("profile", profile)
                    .put("spread", spread)
                    .put("degraded", isDegraded);
        }
    }

    @Command(
            name = "create",
            sortOptions = false,
            description = {
                "Make an empty one; it takes space as it is written.",
                "",
                "  holdfast volume create db --size 10GiB --profile 2+1",
                "  holdfast volume create log --size 1GiB --profile 1+2      three copies",
                ""
            })
    int create(
            @Mixin ClusterOptions options, @Mixin Change change, @Mixin Which which, @Mixin Shape shape)
            throws CliException {
        ApiRequest request = ApiRequest.post("/volumes", shape.body(which.name));
        return change.make(options, request, "made volume " + which.name, Outlet.of(spec));
    }

    @Command(
            name = "resize",
            sortOptions = false,
            description = {"Change the size; clients see it at once.", "",
                    "  holdfast volume resize db 20GiB", ""})
    int resize(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin Which which,
            @Parameters(
                            index = "1",
                            paramLabel = "SIZE",
                            converter = ByteSize.Converter.class,
                            description = "The new size.")
                    ByteSize size,
            @Option(names = "--shrink",
                    description = "Lose what lies beyond a smaller size.") boolean shrinks)
            throws CliException {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("sizeBytes", size.bytes()).put("shrink", shrinks);
        ApiRequest request = ApiRequest.post(which.path("/resize"), body);
        return change.make(
                options, request, which.name + " has " + size.bytes() + " bytes", Outlet.of(spec));
    }

    @Command(
            name = "profile",
            sortOptions = false,
            description = {
                "Set the profile. What is there is moved to it, a little at a time, while I/O goes on.",
                "",
                "  holdfast volume profile db 4+2",
                "  holdfast volume show db      formerProfileBytes: how much is still to be moved",
                ""
            })
    int profile(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin Which which,
            @Parameters(index = "1", paramLabel = "K+M",
                    description = "Data and parity strips.") String profile)
            throws CliException {
        ApiRequest request = ApiRequest.put(
                which.path("/profile"), JsonNodeFactory.instance.objectNode().put("profile", profile));
        return change.make(options, request, which.name + " is written as " + profile, Outlet.of(spec));
    }

    @Command(
            name = "snapshot",
            sortOptions = false,
            description = {
                "Keep it as it is now, with everything that was acknowledged.",
                "",
                "  holdfast volume snapshot db monday",
                ""
            })
    int snapshot(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin Which which,
            @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "Its name.") String snapshot)
            throws CliException {
        ApiRequest request = ApiRequest.post(
                which.path("/snapshots"), JsonNodeFactory.instance.objectNode().put("name", snapshot));
        return change.make(options, request, "made snapshot " + which.name + "@" + snapshot, Outlet.of(spec));
    }

    @Command(name = "snapshots", sortOptions = false, description = "List the snapshots of one.")
    int snapshots(@Mixin ReadOptions options, @Mixin Which which) throws CliException {
        try (ApiClient client = options.connect()) {
            JsonNode items = client.list(
                    options.reading(ApiRequest.get(which.path("/snapshots"))), Integer.MAX_VALUE);
            Outlet.of(spec).list(options.format, SNAPSHOT_COLUMNS, items);
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "clone",
            sortOptions = false,
            description = {
                "Make a volume that begins as a snapshot and shares what neither has overwritten.",
                "",
                "  holdfast volume clone db@monday test",
                ""
            })
    int copy(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin WhichSnapshot which,
            @Parameters(index = "1", paramLabel = "NAME", description = "The new volume's name.") String name)
            throws CliException {
        ApiRequest request = ApiRequest.post(
                which.path("/clone"), JsonNodeFactory.instance.objectNode().put("name", name));
        return change.make(options, request, "made volume " + name + " of " + which.text, Outlet.of(spec));
    }

    @Command(
            name = "diff",
            sortOptions = false,
            description = {
                "List what changed between two snapshots of a volume, such as a backup needs to know.",
                "",
                "  holdfast volume diff db@monday db@tuesday -o json",
                ""
            })
    int diff(
            @Mixin ClusterOptions options,
            @Mixin WhichSnapshot older,
            @Parameters(index = "1", paramLabel = "NAME@SNAPSHOT", description = "The later snapshot of it.")
                    String newer)
            throws CliException {
        WhichSnapshot later = new WhichSnapshot();
        later.text = newer;
        try (ApiClient client = options.connect()) {
            JsonNode extents = VolumeChanges.between(client, older, later);
            Outlet.of(spec).list(options.format, EXTENT_COLUMNS, extents);
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "rollback",
            sortOptions = false,
            description = {"Make a volume what its snapshot is.", "", "  holdfast volume rollback db@monday",
                    ""})
    int rollBack(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin WhichSnapshot which,
            @Mixin Force force)
            throws CliException {
        return change.make(
                options, force.on(ApiRequest.post(which.path("/rollback"))), "rolled back to " + which.text,
                Outlet.of(spec));
    }

    @Command(
            name = "delete",
            sortOptions = false,
            description = {
                "Delete a volume with its snapshots, or one snapshot.",
                "",
                "  holdfast volume delete db@monday",
                "  holdfast volume delete db",
                ""
            })
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin WhichSnapshot which,
            @Mixin Force force)
            throws CliException {
        String path = which.isVolume() ? Catalog.VOLUME.pathOf(which.text) : which.path("");
        return change.make(
                options, force.on(ApiRequest.delete(path)), "deleted " + which.text, Outlet.of(spec));
    }

    @Command(
            name = "protect",
            sortOptions = false,
            description = {"Keep a volume or a snapshot from being deleted.", "",
                    "  holdfast volume protect db", ""})
    int protect(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin WhichSnapshot which,
            @Option(names = "--off", description = "Stop protecting it.") boolean isOff)
            throws CliException {
        String path = which.isVolume()
                ? Catalog.VOLUME.pathOf(which.text) + "/protection"
                : which.path("/protection");
        ApiRequest request =
                ApiRequest.put(path, JsonNodeFactory.instance.objectNode().put("protected", !isOff));
        return change.make(
                options, request, which.text + (isOff ? " can be deleted" : " is protected"),
                        Outlet.of(spec));
    }

    @Command(
            name = "policy",
            sortOptions = false,
            description = {"Set what happens while too few hosts are up, and how often its map is checked.",
                    "",
                    "  holdfast volume policy db --degraded --check-hours 24", ""})
    int policy(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--degraded",
                    description = "Go on writing with less parity. Default: writing stops.")
                    boolean isDegradedAllowed,
            @Option(names = "--check-hours", paramLabel = "N", defaultValue = "0",
                    description = "Between two checks of its map. Default: never.") long hours,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("degraded", isDegradedAllowed)
                .put("checkIntervalSeconds", Duration.ofHours(hours).toSeconds());
        return change.make(options, ApiRequest.put(Catalog.VOLUME.pathOf(name) + "/policy", body),
                "set the policy of " + name, Outlet.of(spec));
    }

    @Command(
            name = "export",
            sortOptions = false,
            description = {
                "Print the address of a volume as a network block device.",
                "",
                "On the serving host that is a unix socket; from elsewhere TLS, with a certificate.",
                "",
                "  nbdcopy $(holdfast volume export db) db.img",
                "  qemu-img convert disk.qcow2 $(holdfast volume export db)",
                ""
            })
    int export(
            @Mixin ClusterOptions options,
            @Mixin Which which,
            @Option(names = "--tls", description = "The TLS address in any case.") boolean wantsTls)
            throws CliException {
        try (ApiClient client = options.connect()) {
            JsonNode facts = client.call(ApiRequest.get(which.path("/export")));
            boolean isHere = !wantsTls && Files.exists(Path.of(facts.path("socket").asText("")));
            String uri = facts.path(isHere ? "unix" : "tls").asText("");
            if (options.format == OutputFormat.TABLE) {
                Outlet.of(spec).text(uri + "\n");
            } else {
                ObjectNode answer = JsonNodeFactory.instance.objectNode().put("uri", uri);
                answer.setAll((ObjectNode) facts);
                Outlet.of(spec).single(options.format, answer);
            }
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "attach",
            sortOptions = false,
            description = {
                "Make a volume a device of the serving node's host and print its path.",
                "",
                "  mount $(holdfast volume attach db) /mnt",
                ""
            })
    int attach(@Mixin ClusterOptions options, @Mixin Which which, @Mixin Force force) throws CliException {
        try (ApiClient client = options.connect()) {
            JsonNode facts = client.call(force.on(ApiRequest.post(which.path("/attach"))));
            if (options.format == OutputFormat.TABLE) {
                Outlet.of(spec).text(facts.path("device").asText("") + "\n");
            } else {
                Outlet.of(spec).single(options.format, facts);
            }
        }
        return ExitCode.OK.number();
    }

    @Command(name = "detach", sortOptions = false,
            description = "Take the device away, once it is written out.")
    int detach(@Mixin ClusterOptions options, @Mixin Change change, @Mixin Which which) throws CliException {
        return change.make(
                options, ApiRequest.post(which.path("/detach")), "detached " + which.name, Outlet.of(spec));
    }

    @Command(
            name = "check",
            sortOptions = false,
            description = {"Check maps and log against each other, while I/O goes on; 1 if they differ.", ""})
    int check(
            @Mixin ClusterOptions options,
            @Mixin Which which,
            @Option(names = "--deep", description = "Read every block as well.") boolean isDeep)
            throws CliException {
        ApiRequest request = ApiRequest.post(which.path("/check"));
        try (ApiClient client = options.connect()) {
            JsonNode report = client.call(isDeep ? request.withQuery("deep", "true") : request);
            Outlet.of(spec).single(options.format, report);
            return (report.path("isClean").asBoolean() ? ExitCode.OK : ExitCode.FAILED).number();
        }
    }

    @Command(name = "stats", sortOptions = false, description = "Show what is done with a volume.")
    int statistics(@Mixin ClusterOptions options, @Mixin Which which) throws CliException {
        try (ApiClient client = options.connect()) {
            Outlet.of(spec).single(
                    options.format, client.call(ApiRequest.get(which.path("/statistics"))));
        }
        return ExitCode.OK.number();
    }
}
