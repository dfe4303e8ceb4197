package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast snapshot`: saved states of applications.
@Command(
        name = "snapshot",
        synopsisSubcommandLabel = "VERB",
        description = {"Saved states of applications; one is named APP/NAME, or TENANT/APP/NAME.", ""})
final class SnapshotCommand {
    private static final int TREE_MAX = 10_000;

    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "list",
            sortOptions = false,
            description = {
                    "List them. CONTENT-BYTES is what the files of one have; OWN-BYTES what was stored",
                    "for it, SHARED-BYTES what of it lies in packs of earlier ones; the rest is zeros or",
                    "twice there.",
                    "",
                    "  holdfast snapshot list",
                    "  holdfast snapshot list -o json --watch",
                    ""})
    int list(@Mixin ReadOptions options, @Mixin Catalog.ListOptions listing)
            throws CliException, InterruptedException {
        return Catalog.SNAPSHOT.show(options, listing, Outlet.of(spec));
    }

    @Command(name = "show", sortOptions = false, description = "Show one in full.")
    int show(
            @Mixin ReadOptions options, @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        return Catalog.SNAPSHOT.showOne(options, AppNames.snapshot(name), Outlet.of(spec));
    }

    @Command(name = "tree", sortOptions = false, description = "Show which were made after which.")
    int tree(
            @Mixin ReadOptions options,
            @Parameters(arity = "0..1", paramLabel = "APP", description = "Of which application.")
                    @Nullable String application)
            throws CliException {
        ApiRequest all = ApiRequest.get("/snapshots");
        ApiRequest request = application == null
                ? all
                : all.withQuery("prefix", AppNames.application(application) + "/");
        try (ApiClient client = options.connect()) {
            JsonNode snapshots = client.list(options.reading(request), TREE_MAX);
            Outlet out = Outlet.of(spec);
            if (options.format == OutputFormat.TABLE) {
                out.text(SnapshotTree.of(snapshots));
            } else {
                out.single(options.format, snapshots);
            }
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "where",
            sortOptions = false,
            description = {
                "Show on which nodes the bytes are that it takes to restore it, shared ones too, how",
                "they are coded, and what they take.",
                ""
            })
    int where(
            @Mixin ReadOptions options, @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        try (ApiClient client = options.connect()) {
            Outlet.of(spec).single(options.format, client.call(ApiRequest.get(pathOf(name) + "/storage")));
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "create",
            sortOptions = false,
            description = {"Save an instance; it goes on.", "",
                    "  holdfast snapshot create shop --name monday", ""})
    int create(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Mixin AppCommand.SlotOption which,
            @Option(names = "--name", paramLabel = "NAME", description = "Of the snapshot. Default: chosen.")
                    @Nullable String name,
            @Parameters(paramLabel = "APP", description = "Which application.") String application)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Integer slot = which.slot;
        if (slot != null) {
            body.put("slot", slot);
        }
        if (name != null) {
            body.put("name", name);
        }
        ApiRequest request = ApiRequest.post(AppNames.pathOf(application) + "/snapshots", body);
        return change.makeAndShow(options, request, Outlet.of(spec));
    }

    @Command(
            name = "restore",
            sortOptions = false,
            description = "Make its application go on from it: memory, specification and volumes go back.")
    int restore(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--roll-back-volumes",
                    description = "Lose what was written to its volumes since.") boolean rollsBack,
            @Option(names = "--node", paramLabel = "NODE",
                    description = "End what runs, and start it there. Default: where it runs, or at the next"
                            + " request.") @Nullable String node,
            @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException, InterruptedException {
        ApiRequest restore = ApiRequest.post(pathOf(name) + "/restore");
        ApiRequest request = rollsBack ? restore.withQuery("rollBackVolumes", "true") : restore;
        Outlet out = Outlet.of(spec);
        if (node == null || change.isDryRun) {
            return change.make(options, request, "goes on from " + name, out);
        }
        String application = AppNames.snapshot(name);
        application = application.substring(0, application.lastIndexOf('/'));
        try (ApiClient client = options.connect()) {
            JsonNode _ = client.call(ApiRequest.post(AppNames.pathOf(application) + "/stop"));
            AppCommand.awaitNoInstance(client, options, application);
            JsonNode _ = client.call(request);
            JsonNode _ = client.call(ApiRequest.post(AppNames.pathOf(application) + "/start"));
        }
        return change.make(
                options, AppCommand.wakeRequest(application, node),
                "goes on from " + name + " at " + node, out);
    }

    @Command(
            name = "condemn",
            sortOptions = false,
            description = "Let nothing be restored from it any more; it stays for people to look at.")
    int condemn(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--reason", required = true, paramLabel = "TEXT",
                    description = "For people: it stands in the record and in the audit.") String reason,
            @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
        return change.make(
                options, ApiRequest.post(pathOf(name) + "/condemn", body), "condemned " + name,
                Outlet.of(spec));
    }

    @Command(
            name = "clone",
            sortOptions = false,
            description = {
                "Make an application of its own that begins from a copy of it, with volumes of its own:",
                "APP-VOLUME is a clone of VOLUME as it was then.",
                "",
                "  holdfast snapshot clone shop/monday shop-test",
                ""
            })
    int copy(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(index = "0", paramLabel = "ID", description = "Which.") String name,
            @Parameters(index = "1", paramLabel = "APP",
                    description = "The new application.") String application)
            throws CliException {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("application", AppNames.application(application));
        int copied = change.makeAndShow(
                options, ApiRequest.post(pathOf(name) + "/copy", body), Outlet.of(spec));
        if (copied == ExitCode.OK.number() && !change.isDryRun) {
            String plain = AppNames.snapshot(name);
            String copy = AppNames.application(application) + plain.substring(plain.lastIndexOf('/'));
            try (ApiClient client = options.connect()) {
                JsonNode _ = client.call(ApiRequest.post(pathOf(copy) + "/restore"));
            }
        }
        return copied;
    }

    @Command(
            name = "protect",
            sortOptions = false,
            description = "Keep one from being deleted, pruned and condemned.")
    int protect(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Option(names = "--off", description = "End its protection.") boolean isOff,
            @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("protected", !isOff);
        return change.make(
                options,
                ApiRequest.put(pathOf(name) + "/protection", body),
                (isOff ? "no longer protected: " : "protected: ") + name,
                Outlet.of(spec));
    }

    @Command(name = "delete", sortOptions = false, description = "Delete one.")
    int delete(
            @Mixin ClusterOptions options,
            @Mixin Change change,
            @Parameters(paramLabel = "ID", description = "Which.") String name)
            throws CliException {
        return change.make(options, ApiRequest.delete(pathOf(name)), "deleted " + name, Outlet.of(spec));
    }

    private static String pathOf(String name) {
        return "/snapshots/" + ApiRequest.segment(AppNames.snapshot(name));
    }
}
