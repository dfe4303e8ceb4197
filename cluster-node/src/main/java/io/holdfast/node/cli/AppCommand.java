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
import io.holdfast.node.cli.output.Pause;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast app`: applications and their instances.
@Command(
        name = "app",
        synopsisSubcommandLabel = "VERB",
        description = {
            "Applications: processes that requests start and that are saved with their memory.",
            ""
        },
        subcommands = AppRunCommand.class)
final class AppCommand {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long LOG_WAIT_MILLIS = 10_000;

    @Spec
    @Nullable CommandSpec spec;

    /// Which instance.
    static final class SlotOption {
        @Option(names = "--slot", paramLabel = "N",
                description = "Which instance. Default: the first there is.")
        @Nullable Integer slot;
    }

    /// Which part of a group.
    static final class MemberOption {
        @Option(names = "--member", paramLabel = "NAME", description = "Of a group, which member.")
        @Nullable String member;

        ApiRequest of(ApiRequest request) {
            String name = member;
            return name == null ? request : request.withQuery("member", name);
        }

        void putInto(ObjectNode body) {
            if (member != null) {
                body.put("member", member);
            }
        }
    }

    @Command(name = "list", sortOptions = false, description = "List them.")
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.APP.show(options, listing, Outlet.of(spec));
    }

    @Command(
            name = "show",
            sortOptions = false,
            description = "Show one in full, with its frozen copies and what they cost.")
    int show(@Mixin ReadOptions options, @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        try (ApiClient client = options.connect()) {
            JsonNode application = client.call(options.reading(
                    ApiRequest.get(Catalog.APP.pathOf(AppNames.application(name)))));
            boolean hasPool = application.path("spec").path("snapshots").path("poolCount").asInt() > 0;
            if (hasPool && application instanceof ObjectNode shown) {
                JsonNode starts = client.call(ApiRequest.get(AppNames.pathOf(name) + "/starts"));
                shown.set("frozen", starts.path("frozen"));
            }
            Outlet.of(spec).single(options.format, application);
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "ps",
            sortOptions = false,
            description = "List instances, where they run and how they are: all, or one application's.")
    int ps(
            @Mixin ReadOptions options,
            @Mixin Catalog.ListOptions listing,
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which application.")
                    @Nullable String name)
            throws CliException, InterruptedException {
        String path = name == null ? "/catalogs/placements" : AppNames.pathOf(name) + "/instances";
        return Catalog.show(
                path,
                Column.of("instance:key", "node", "state", "sinceMillis:stateDetails/sinceMillis",
                        "snapshot:stateDetails/snapshot", "reason:stateDetails/reason", "claimedMillis"),
                options, listing, Outlet.of(spec));
    }

    @Command(
            name = "logs",
            sortOptions = false,
            description = {"Show what an instance wrote.", "", "  holdfast app logs shop --follow",
                "  holdfast app logs shop --member db", ""})
    int logs(
            @Mixin ClusterOptions options,
            @Mixin SlotOption which,
            @Mixin MemberOption member,
            @Option(names = {"-f", "--follow"},
                    description = "Go on until it ends, or Ctrl-C.") boolean isFollowing,
            @Option(names = "--tail", paramLabel = "BYTES", description = "Only so much of the end.")
                    @Nullable Integer tail,
            @Parameters(paramLabel = "NAME", description = "Which application.") String name)
            throws CliException {
        Outlet out = Outlet.of(spec);
        ApiRequest first = member.of(slotted(ApiRequest.get(AppNames.pathOf(name) + "/log"), which));
        try (ApiClient client = options.connect()) {
            JsonNode part = client.call(tail == null
                    ? first.withQuery("offset", "0")
                    : first.withQuery("tail", Integer.toString(Math.max(1, tail))));
            while (true) {
                String text = part.path("text").asText();
                if (options.format == OutputFormat.TABLE) {
                    out.text(text);
                } else {
                    out.single(options.format, part);
                }
                boolean isAtEnd = text.isEmpty();
                if (part.path("hasEnded").asBoolean() || (isAtEnd && !isFollowing)) {
                    return ExitCode.OK.number();
                }
                ApiRequest next = first.withQuery("offset", part.path("nextOffset").asText());
                part = client.call(
                        isFollowing ? next.withQuery("waitMillis", Long.toString(LOG_WAIT_MILLIS)) : next);
            }
        }
    }

    @Command(
            name = "exec",
            sortOptions = false,
            description = {
                "Run a command inside an instance; exit code 0 only if its own was.",
                "",
                "  holdfast app exec shop -- /bin/ls /tmp",
                "  holdfast app exec shop --member db -- /bin/ls /tmp",
                ""
            })
    int exec(
            @Mixin ClusterOptions options,
            @Mixin SlotOption which,
            @Mixin MemberOption member,
            @Parameters(index = "0", paramLabel = "NAME", description = "Which application.") String name,
            @Parameters(index = "1..*", paramLabel = "CMD", description = "The command, behind --.")
                    List<String> command)
            throws CliException {
        ObjectNode body = slotted(which);
        member.putInto(body);
        command.forEach(body.putArray("command")::add);
        Outlet out = Outlet.of(spec);
        try (ApiClient client = options.connect()) {
            JsonNode answer = client.call(ApiRequest.post(AppNames.pathOf(name) + "/exec", body));
            if (options.format == OutputFormat.TABLE) {
                out.text(answer.path("output").asText());
                if (!answer.path("errors").asText().isEmpty()) {
                    out.remark(answer.path("errors").asText().stripTrailing());
                }
            } else {
                out.single(options.format, answer);
            }
            int code = answer.path("exitCode").asInt();
            return code == 0 ? ExitCode.OK.number() : ExitCode.FAILED.number();
        }
    }

    @Command(
            name = "starts",
            sortOptions = false,
            description = {
                "Show how long requests waited that started it: cold, restored, or from a frozen copy.",
                "Nodes remember the last 64 each, until they start again.",
                ""
            })
    int starts(
            @Mixin ClusterOptions options,
            @Parameters(paramLabel = "NAME", description = "Which application.") String name)
            throws CliException {
        Outlet out = Outlet.of(spec);
        try (ApiClient client = options.connect()) {
            JsonNode answer = client.call(ApiRequest.get(AppNames.pathOf(name) + "/starts"));
            if (options.format != OutputFormat.TABLE) {
                out.single(options.format, answer);
                return ExitCode.OK.number();
            }
            out.list(options.format,
                    Column.of("atMillis", "kind", "firstByteMicros", "snapshot", "node"),
                    answer.path("items"));
            if (!answer.path("silent").isEmpty()) {
                out.remark("not known: what happened at " + answer.path("silent"));
            }
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "scale",
            sortOptions = false,
            description = {
                "Set how many instances it has; what runs goes on, but for what is too much.",
                "",
                "  holdfast app scale shop --min 2 --max 8",
                ""
            })
    int scale(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--min", paramLabel = "N", description = "That run without being asked for.")
                    @Nullable Integer countMin,
            @Option(names = "--max", paramLabel = "N", description = "At once.")
                    @Nullable Integer countMax,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (countMin != null) {
            body.put("min", countMin);
        }
        if (countMax != null) {
            body.put("max", countMax);
        }
        ApiRequest request = ApiRequest.put(AppNames.pathOf(name) + "/scaling", body);
        return change.make(options, request, "scaled " + name, Outlet.of(spec));
    }

    @Command(
            name = "wake",
            sortOptions = false,
            description = {
                "Start an instance at a node that you name, rather than where the next request comes in.",
                "One that sleeps there goes on.",
                "",
                "  holdfast app wake shop --node node-2",
                ""
            })
    int wake(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--node", required = true, paramLabel = "NODE", description = "Where.")
                    String node,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        return change.make(options, wakeRequest(name, node), name + " begins at " + node, Outlet.of(spec));
    }

    static ApiRequest wakeRequest(String name, String node) {
        return ApiRequest.post(
                AppNames.pathOf(name) + "/instances",
                JsonNodeFactory.instance.objectNode().put("node", node));
    }

    @Command(name = "stop", sortOptions = false, description = "End its instances, and let it have none.")
    int stop(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException, InterruptedException {
        ApiRequest request = ApiRequest.post(AppNames.pathOf(name) + "/stop");
        int code = change.make(options, request, "stopped " + name, Outlet.of(spec));
        if (!change.isDryRun) {
            try (ApiClient client = options.connect()) {
                awaitNoInstance(client, options, name);
            }
        }
        return code;
    }

    @Command(name = "start", sortOptions = false, description = "Let it have instances again.")
    int start(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        ApiRequest request = ApiRequest.post(AppNames.pathOf(name) + "/start");
        return change.make(options, request, "started " + name, Outlet.of(spec));
    }

    @Command(
            name = "sleep",
            sortOptions = false,
            description = "Save an instance and end it; the next request wakes it, here or elsewhere.")
    int sleep(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin SlotOption which,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException {
        ApiRequest request =
                ApiRequest.post(AppNames.pathOf(name) + "/snapshots", slotted(which).put("then", "end"));
        return change.make(options, request, name + " sleeps", Outlet.of(spec));
    }

    @Command(name = "delete", sortOptions = false, description = "Stop it, and forget it and its snapshots.")
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--keep-snapshots", description = "Forget only what it was to be.") boolean keeps,
            @Parameters(paramLabel = "NAME", description = "Which.") String name)
            throws CliException, InterruptedException {
        Outlet out = Outlet.of(spec);
        ApiRequest delete = ApiRequest.delete(AppNames.pathOf(name));
        if (change.isDryRun) {
            return change.make(options, delete, "", out);
        }
        try (ApiClient client = options.connect()) {
            JsonNode _ = client.call(ApiRequest.post(AppNames.pathOf(name) + "/stop"));
            awaitNoInstance(client, options, name);
            JsonNode answer = client.call(delete);
            if (!keeps) {
                deleteSnapshots(client, name);
            }
            if (options.format == OutputFormat.TABLE) {
                out.text("deleted " + name + "\n");
            } else {
                out.single(options.format, answer);
            }
        }
        return ExitCode.OK.number();
    }

    /// The youngest first: one that others descend from is deleted after them.
    private static void deleteSnapshots(ApiClient client, String name) throws CliException {
        ApiRequest list = ApiRequest.get("/snapshots")
                .withQuery("prefix", AppNames.application(name) + "/")
                .withQuery("consistency", "linearizable");
        List<JsonNode> snapshots = new java.util.ArrayList<>();
        client.list(list, 10_000).forEach(snapshots::add);
        snapshots.sort(java.util.Comparator.comparingLong(
                        (JsonNode snapshot) -> snapshot.path("createdMillis").asLong())
                .reversed());
        for (JsonNode snapshot : snapshots) {
            if (!snapshot.path("isProtected").asBoolean()) {
                JsonNode _ = client.call(ApiRequest.delete(
                        "/snapshots/" + ApiRequest.segment(snapshot.path("key").asText())));
            }
        }
    }

    static void awaitNoInstance(ApiClient client, ClusterOptions options, String name)
            throws CliException, InterruptedException {
        ApiRequest list = ApiRequest.get(AppNames.pathOf(name) + "/instances");
        long end = System.nanoTime() + Duration.ofSeconds(options.timeoutSeconds).toNanos();
        while (!client.list(list, 1).isEmpty()) {
            if (System.nanoTime() - end >= 0) {
                throw new CliException(
                        ExitCode.UNAVAILABLE,
                        "instances of " + name + " have not ended within " + options.timeoutSeconds + " s",
                        "holdfast app ps " + name);
            }
            Pause.of(POLL);
        }
    }

    private static ApiRequest slotted(ApiRequest request, SlotOption which) {
        Integer slot = which.slot;
        return slot == null ? request : request.withQuery("slot", Integer.toString(slot));
    }

    private static ObjectNode slotted(SlotOption which) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Integer slot = which.slot;
        return slot == null ? body : body.put("slot", slot);
    }
}
