package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `holdfast app run`: says what an application is to be.
@Command(
        name = "run",
        sortOptions = false,
        description = {
            "Say what an application is to be; the first request for it starts it.",
            "",
            "  holdfast app run shop --rootfs /srv/shop --port 8080 -- /bin/shop --listen 0.0.0.0:8080",
            "  holdfast app run shop --image registry.example/shop:v2 --port 8080",
            "  holdfast app run db --image db:v1 --port 5432 --min 1 --volume db-data:/var/lib/db",
            "  holdfast app run shop --group shop.yaml --port 8080",
            "  curl --cacert DIR/ca.crt https://NODE/apps/shop/",
            "",
            "A group's file names several programs that run, are saved and go on as one:",
            "",
            "  members:",
            "    - {name: web, image: 'web:v2', env: {DATABASE: 'localhost:5432'}}",
            "    - {name: db, rootfs: /srv/db, command: [/bin/db], workdir: /, volumes: ['db-data:/data']}",
            "",
            "Again with other options: what runs is replaced. Sizes are bytes, or end in KiB, MiB or GiB.",
            ""
        })
final class AppRunCommand implements Callable<Integer> {
    @Spec
    @Nullable CommandSpec spec;

    @Mixin
    ClusterOptions options = new ClusterOptions();

    @Mixin
    Change change = new Change();

    @Parameters(index = "0", paramLabel = "NAME", description = "NAME, or TENANT/NAME.")
    String name = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "CMD",
            description = "The program and its arguments, behind --.")
    List<String> command = List.of();

    @Option(names = "--rootfs", paramLabel = "DIR",
            description = "Its root: a folder, at the same place everywhere.")
    @Nullable String rootfs;

    @Option(
            names = "--image",
            paramLabel = "REF",
            description = "Its root: an OCI image: NAME[:TAG] of an imported one, oci:/FOLDER[:NAME],"
                    + " oci-archive:/FILE[:NAME], or HOST[:PORT]/PATH[:TAG|@DIGEST]. It may say the command.")
    @Nullable String image;

    @Option(
            names = "--group",
            paramLabel = "FILE",
            description = "Several programs in place of one, each in a root of its own; they find each other"
                    + " at localhost.")
    @Nullable Path groupFile;

    @Option(names = "--port", paramLabel = "P",
            description = "Where it listens; the gateway then answers for it.")
    @Nullable Integer port;

    @Option(
            names = "--access",
            paramLabel = "public|members",
            description = "Who may call it through the gateway. Default: public.")
    @Nullable String access;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "A variable; repeat it for several.")
    Map<String, String> environment = Map.of();

    @Option(names = "--mount", paramLabel = "SRC:DST[:ro]",
            description = "A folder of the host that it sees.")
    List<String> mounts = List.of();

    @Option(names = "--volume", paramLabel = "NAME:DST[:ro]",
            description = "A volume of the cluster, mounted on the node that runs it; an empty one gets"
                    + " an ext4 file system. Then there is one instance, saved only when you say so.")
    List<String> volumes = List.of();

    @Option(names = "--workdir", paramLabel = "DIR", description = "Where it begins. Default: /.")
    @Nullable String workingFolder;

    @Option(names = "--memory", paramLabel = "SIZE", description = "The most memory of one instance.")
    @Nullable String memory;

    @Option(names = "--cpu", paramLabel = "MILLIS", description = "The most processor time, per second.")
    @Nullable Integer cpuMillis;

    @Option(names = "--ready-path", paramLabel = "PATH", description = "Ready when a GET of it succeeds.")
    @Nullable String readyPath;

    @Option(names = "--ready-within", paramLabel = "SECONDS", description = "Default: 60.")
    @Nullable Integer readySeconds;

    @Option(names = "--min", paramLabel = "N", description = "Instances that always run. Default: 0.")
    @Nullable Integer countMin;

    @Option(names = "--max", paramLabel = "N", description = "Instances at most. Default: 1.")
    @Nullable Integer countMax;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Requests that one instance handles before another is started.")
    @Nullable Integer concurrency;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "Sleep after so long without a request; 0 for never. Default: 300.")
    @Nullable Integer idleSeconds;

    @Option(
            names = "--on-idle",
            paramLabel = "save|drop",
            description = "What becomes of memory when it sleeps. Default: save if there is one instance.")
    @Nullable String onIdle;

    @Option(
            names = "--snapshot",
            paramLabel = "on-first-request|off",
            description = "Default: on-first-request.")
    @Nullable String snapshot;

    @Option(
            names = "--before-save",
            paramLabel = "signal:N|call:/PATH",
            description = "Told to it before its memory is saved; repeat it for several.")
    List<String> beforeSave = List.of();

    @Option(
            names = "--after-restore",
            paramLabel = "signal:N|call:/PATH",
            description = "Told to it when it goes on from what was saved; /run/holdfast/identity.json"
                    + " then says who it is now.")
    List<String> afterRestore = List.of();

    @Option(
            names = "--while-making",
            paramLabel = "wait|start-cold",
            description = "What other starts do while the first snapshot is made. Default: wait.")
    @Nullable String whileMaking;

    @Option(
            names = "--pool",
            paramLabel = "N",
            description = "Frozen copies that a node keeps where it runs or did lately. Default: 0.")
    @Nullable Integer poolCount;

    @Option(
            names = "--keep-apart",
            description = "Its frozen copies share no memory with others of its tenant.")
    boolean keepsApart;

    @Override
    public Integer call() throws CliException {
        Outlet out = Outlet.of(spec);
        ApiRequest request = ApiRequest.put(AppNames.pathOf(name), body());
        if (change.isDryRun) {
            return change.make(options, request, "", out);
        }
        try (ApiClient client = options.connect()) {
            JsonNode answer = client.call(request);
            if (options.format == OutputFormat.TABLE) {
                out.text(AppNames.application(name) + " is to run"
                        + (port == null ? "" : "; every node answers for it at " + AppNames.gatewayPath(name))
                                + "\n");
            } else {
                ObjectNode shown = JsonNodeFactory.instance.objectNode();
                shown.put("name", name).put("key", AppNames.application(name));
                if (port != null) {
                    shown.put("path", AppNames.gatewayPath(name));
                }
                shown.setAll((ObjectNode) answer);
                out.single(options.format, shown);
            }
        }
        return ExitCode.OK.number();
    }

    private ObjectNode body() throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Path group = groupFile;
        if (group == null) {
            putProgram(body);
        } else {
            requireNoProgram();
            body.set("members", GroupFile.read(group));
        }
        put(body, "port", port);
        put(body, "access", access);
        ObjectNode limits = body.putObject("limits");
        if (memory != null) {
            limits.put("memoryBytes", bytesOf(memory));
        }
        put(limits, "cpuMillis", cpuMillis);
        ObjectNode probe = body.putObject("probe");
        put(probe, "path", readyPath);
        if (readySeconds != null) {
            probe.put("withinMillis", readySeconds * 1_000);
        }
        putScaling(body.putObject("scaling"));
        ObjectNode snapshots = body.putObject("snapshots");
        put(snapshots, "moment", snapshot);
        put(snapshots, "whileMaking", whileMaking);
        put(snapshots, "pool", poolCount);
        if (keepsApart) {
            snapshots.put("shareMemory", false);
        }
        putHooks(body, "beforeSave", beforeSave);
        putHooks(body, "afterRestore", afterRestore);
        return body;
    }

    private void putProgram(ObjectNode body) throws CliException {
        if ((rootfs == null) == (image == null)) {
            throw usage("give either --rootfs, --image or --group");
        }
        if (command.isEmpty() && image == null) {
            throw usage("what is to run stands behind --, as in: -- /bin/server --port 8080");
        }
        put(body, "rootfs", rootfs);
        put(body, "image", image);
        ArrayNode words = body.putArray("command");
        command.forEach(words::add);
        put(body, "workingFolder", workingFolder);
        ArrayNode variables = body.putArray("environment");
        environment.forEach((key, value) -> variables.addObject().put("name", key).put("value", value));
        ArrayNode seen = body.putArray("mounts");
        for (String mount : mounts) {
            addMount(seen, "folder", mount);
        }
        for (String volume : volumes) {
            addMount(seen, "volume", volume);
        }
    }

    private void requireNoProgram() throws CliException {
        boolean isSaid = rootfs != null || image != null || workingFolder != null || !command.isEmpty()
                || !environment.isEmpty() || !mounts.isEmpty() || !volumes.isEmpty();
        if (isSaid) {
            throw usage("with --group, the file says each member's root, command, variables, folder and"
                    + " mounts");
        }
    }

    private static void putHooks(ObjectNode body, String moment, List<String> hooks) throws CliException {
        ArrayNode array = body.putArray(moment);
        for (String hook : hooks) {
            if (hook.matches("signal:[0-9]{1,2}")) {
                array.addObject().put("signal", Integer.parseInt(hook.substring("signal:".length())));
            } else if (hook.startsWith("call:/")) {
                array.addObject().put("call", hook.substring("call:".length()));
            } else {
                throw usage("a hook is signal:N or call:/PATH: " + hook);
            }
        }
    }

    private void putScaling(ObjectNode scaling) {
        put(scaling, "min", countMin);
        put(scaling, "max", countMax);
        put(scaling, "concurrency", concurrency);
        if (idleSeconds != null) {
            scaling.put("idleMillis", idleSeconds * 1_000L);
        }
        put(scaling, "onIdle", onIdle);
    }

    static void addMount(ArrayNode mounts, String kind, String text) throws CliException {
        List<String> parts = new ArrayList<>(List.of(text.split(":", -1)));
        boolean isReadOnly = parts.size() == 3 && parts.get(2).equals("ro");
        if (parts.size() != 2 && !isReadOnly) {
            throw usage("a mount is SRC:DST or SRC:DST:ro: " + text);
        }
        mounts.addObject()
                .put("kind", kind)
                .put("source", parts.get(0))
                .put("target", parts.get(1))
                .put("readOnly", isReadOnly);
    }

    private static long bytesOf(String text) throws CliException {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        int shift = plain.endsWith("gib") ? 30 : plain.endsWith("mib") ? 20 : plain.endsWith("kib") ? 10 : 0;
        String digits = shift == 0 ? plain : plain.substring(0, plain.length() - 3);
        if (!digits.matches("[0-9]{1,9}") && !(shift == 0 && digits.matches("[0-9]{1,15}"))) {
            throw usage("a size is a number of bytes, KiB, MiB or GiB: " + text);
        }
        return Long.parseLong(digits) << shift;
    }

    private static void put(ObjectNode object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    private static void put(ObjectNode object, String field, @Nullable Integer value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    private static CliException usage(String message) {
        return new CliException(ExitCode.USAGE, message, "holdfast app run --help");
    }
}
