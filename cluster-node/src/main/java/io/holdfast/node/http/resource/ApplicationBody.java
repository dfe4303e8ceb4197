package io.holdfast.node.http.resource;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Hook;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.application.Variable;
import io.holdfast.gridstate.image.ImageCatalogs;
import io.holdfast.gridstate.image.ImageEntry;
import io.holdfast.hostio.image.ImageReference;
import io.holdfast.node.http.exchange.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The specification of an application in a call's body, as the contract describes it.
final class ApplicationBody {
    private static final int READY_MILLIS_STANDARD = 60_000;
    private static final int SETTLE_MILLIS_STANDARD = 100;
    private static final int HOOK_MILLIS_STANDARD = 5_000;

    private ApplicationBody() {}

    static ApplicationSpec specOf(JsonObject body) {
        int port = body.getInteger("port", 0);
        Root root = rootOf(body);
        List<Mount> mounts = new ArrayList<>(mountsOf(body, ""));
        members(body).forEach(member -> mounts.addAll(mountsOf(member, "/" + member.getString("name"))));
        JsonObject scaling = body.getJsonObject("scaling", new JsonObject());
        JsonObject snapshots = body.getJsonObject("snapshots", new JsonObject());
        if (mounts.stream().anyMatch(mount -> mount.kind() == Mount.Kind.VOLUME)) {
            requireAlone(scaling, snapshots);
        }
        return new ApplicationSpec(
                root,
                texts(body.getJsonArray("command", new JsonArray())),
                variablesOf(body.getJsonArray("environment", new JsonArray())),
                body.getString("workingFolder", "/"),
                port,
                constant(ApplicationSpec.Access.class, body.getString("access", "public")),
                mounts,
                limitsOf(body.getJsonObject("limits", new JsonObject())),
                probeOf(body.getJsonObject("probe", new JsonObject()), port),
                scalingOf(scaling),
                policyOf(snapshots),
                hooksOf(body, "beforeSave"),
                hooksOf(body, "afterRestore"));
    }

    /// A volume is one instance's, and what is written to it makes memory saved before useless.
    private static void requireAlone(JsonObject scaling, JsonObject snapshots) {
        if (scaling.getInteger("max", 1) > 1 || scaling.getInteger("min", 0) > 1) {
            throw new Problem(
                            422, "invalid", "an application with volumes has one instance",
                            "leave max at 1")
                    .exception();
        }
        if (snapshots.getInteger("pool", 0) > 0) {
            throw new Problem(
                            422, "invalid",
                            "no copies of an application with volumes stand ready: a volume is mounted for"
                                    + " one instance at a time",
                            "leave out the pool")
                    .exception();
        }
        if (snapshots.getString("moment", "off").equals("on-first-request")
                || scaling.getString("onIdle", "drop").equals("save")) {
            throw new Problem(
                            422, "invalid", "an application with volumes is not saved by itself",
                            "leave out what asks for it; 'holdfast app sleep' and 'holdfast snapshot create'"
                                    + " save it with its volumes")
                    .exception();
        }
        snapshots.put("moment", "off");
        scaling.put("onIdle", "drop");
    }

    private static Root rootOf(JsonObject body) {
        List<JsonObject> members = members(body);
        if (members.isEmpty()) {
            return plainRootOf(body, "an application");
        }
        for (String field : List.of("rootfs", "image", "command", "environment", "workingFolder", "mounts")) {
            Object said = body.getValue(field);
            if (said != null && !(said instanceof JsonArray array && array.isEmpty())) {
                throw new Problem(422, "invalid", "a group's members say this, each for itself: /" + field,
                        "put it into /members").exception();
            }
        }
        List<GroupMember> group = new ArrayList<>();
        for (JsonObject member : members) {
            String name = member.getString("name");
            group.add(new GroupMember(
                    name,
                    plainRootOf(member, "member " + name),
                    texts(member.getJsonArray("command", new JsonArray())),
                    variablesOf(member.getJsonArray("environment", new JsonArray())),
                    member.getString("workingFolder", "/")));
        }
        return new Root.Group(group);
    }

    private static List<JsonObject> members(JsonObject body) {
        JsonArray array = body.getJsonArray("members", new JsonArray());
        List<JsonObject> members = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            members.add(array.getJsonObject(i));
        }
        return members;
    }

    private static Root.Plain plainRootOf(JsonObject body, String whose) {
        String folder = body.getString("rootfs");
        String image = body.getString("image");
        if ((folder == null) == (image == null)) {
            throw new Problem(422, "invalid", whose + " has either a rootfs or an image", "")
                    .exception();
        }
        return folder == null ? imageOf(image) : new Root.Folder(folder);
    }

    private static Root.Plain imageOf(String text) {
        boolean isMarked = text.startsWith(ImageEntry.REFERENCE_PREFIX);
        String name = isMarked ? text.substring(ImageEntry.REFERENCE_PREFIX.length()) : text;
        if (isMarked || ImageCatalogs.isName(name)) {
            return new Root.Image(
                    ImageEntry.REFERENCE_PREFIX + Reads.key(ImageCatalogs.IMAGES, name));
        }
        try {
            return new Root.Image(ImageReference.parse(text).toString());
        } catch (IllegalArgumentException malformed) {
            throw new Problem(422, "invalid", String.valueOf(malformed.getMessage()), "").exception();
        }
    }

    private static List<Variable> variablesOf(JsonArray array) {
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonObject each = array.getJsonObject(i);
            variables.add(new Variable(each.getString("name"), each.getString("value")));
        }
        return variables;
    }

    /// @param member what their targets begin with
    private static List<Mount> mountsOf(JsonObject body, String member) {
        JsonArray array = body.getJsonArray("mounts", new JsonArray());
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonObject each = array.getJsonObject(i);
            mounts.add(new Mount(
                    constant(Mount.Kind.class, each.getString("kind")),
                    each.getString("source"),
                    member + each.getString("target"),
                    each.getBoolean("readOnly", false)));
        }
        return mounts;
    }

    private static Limits limitsOf(JsonObject body) {
        return new Limits(
                body.getLong("memoryBytes", 0L), body.getLong("cpuMillis", 0L),
                        body.getLong("processes", 0L));
    }

    private static Probe probeOf(JsonObject body, int port) {
        String path = body.getString("path");
        int within = body.getInteger("withinMillis", READY_MILLIS_STANDARD);
        if (path != null) {
            return new Probe.Answers(path, within);
        }
        return port == 0
                ? new Probe.Started(body.getInteger("withinMillis", SETTLE_MILLIS_STANDARD))
                : new Probe.Connects(within);
    }

    /// The scaling of a specification with the counts of a body; what the body leaves out stays.
    static Scaling scaled(ApplicationSpec spec, JsonObject body) {
        Scaling known = spec.scaling();
        int countMin = body.getInteger("min", known.countMin());
        int countMax = body.getInteger("max", Math.max(countMin, known.countMax()));
        if (countMin > countMax) {
            throw new Problem(422, "invalid", "the least count is above the greatest: /min", "")
                    .exception();
        }
        if (countMax > 1 && spec.mounts().stream().anyMatch(mount -> mount.kind() == Mount.Kind.VOLUME)) {
            throw new Problem(
                            422, "invalid", "an application with volumes has one instance",
                            "leave max at 1")
                    .exception();
        }
        return new Scaling(
                countMin, countMax, body.getInteger("concurrency", known.concurrency()),
                known.idleMillis(), known.onIdle());
    }

    private static Scaling scalingOf(JsonObject body) {
        Scaling standard = Scaling.STANDARD;
        int countMin = body.getInteger("min", standard.countMin());
        int countMax = body.getInteger("max", Math.max(countMin, standard.countMax()));
        return new Scaling(
                countMin,
                countMax,
                body.getInteger("concurrency", standard.concurrency()),
                body.getLong("idleMillis", standard.idleMillis()),
                body.containsKey("onIdle")
                        ? constant(Scaling.OnIdle.class, body.getString("onIdle"))
                        : countMax == 1 ? Scaling.OnIdle.SAVE : Scaling.OnIdle.DROP);
    }

    private static SnapshotPolicy policyOf(JsonObject body) {
        return new SnapshotPolicy(
                body.getString("moment", "on-first-request").equals("off")
                        ? SnapshotPolicy.Moment.OFF
                        : SnapshotPolicy.Moment.FIRST_REQUEST,
                constant(SnapshotPolicy.WhileMaking.class, body.getString("whileMaking", "wait")),
                body.getInteger("pool", 0),
                !body.getBoolean("shareMemory", true));
    }

    private static List<Hook> hooksOf(JsonObject body, String moment) {
        JsonArray array = body.getJsonArray(moment, new JsonArray());
        List<Hook> hooks = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonObject each = array.getJsonObject(i);
            if (each.containsKey("signal") == each.containsKey("call")) {
                throw new Problem(422, "invalid", "a hook is either a signal or a call: /" + moment, "")
                        .exception();
            }
            hooks.add(each.containsKey("signal")
                    ? new Hook.Signal(each.getInteger("signal"))
                    : new Hook.Call(
                            each.getString("call"), each.getInteger("withinMillis", HOOK_MILLIS_STANDARD)));
        }
        return hooks;
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            texts.add(array.getString(i));
        }
        return texts;
    }

    /// A constant in the API's spelling; the contract has checked it.
    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
