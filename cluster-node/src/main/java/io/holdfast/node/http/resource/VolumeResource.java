package io.holdfast.node.http.resource;

import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.port.VolumeControl;
import io.holdfast.node.http.port.VolumeControl.Outcome;
import io.holdfast.node.http.port.VolumeControl.Request;
import io.holdfast.node.http.port.VolumeControl.Verb;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Volumes, their snapshots and clones. Concurrent. What only concerns the catalog is a command; what
/// concerns the blocks is done by the serving node.
public final class VolumeResource {
    private static final int BLOCK_BYTES_STANDARD = 4_096;

    /// Members of a request's body that verbs take as they are.
    private static final List<String> ARGUMENTS = List.of("sizeBytes", "shrink", "profile");

    /// Parameters of a request's address that verbs take as they are.
    private static final List<String> QUERY = List.of("force", "deep", "since", "offset", "count");

    /// What may be done to the cluster's own volumes.
    private static final Set<Verb> ALLOWED = Set.of(Verb.STATISTICS, Verb.CHECK);

    private final Reads reads;
    private final Changes changes;
    private final VolumeControl control;
    private final SecureRandom random = new SecureRandom();

    public VolumeResource(Reads reads, Changes changes, VolumeControl control) {
        this.reads = reads;
        this.changes = changes;
        this.control = control;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("getVolume", call -> reads.get(call, VolumeCatalogs.VOLUMES, volume(call)));
        handlers.put(
                "listVolumeSnapshots",
                call -> reads.page(call, VolumeCatalogs.SNAPSHOTS, volume(call) + "/"));
        handlers.put("createVolume", this::create);
        handlers.put(
                "setVolumePolicy",
                call -> changes.apply(
                        call, new VolumeCommand.SetPolicy(changed(call), policy(call), call.expected())));
        handlers.put(
                "setVolumeProtection",
                call -> changes.apply(
                        call,
                        new VolumeCommand.SetProtection(
                                changed(call), call.body().getBoolean("protected"), call.expected())));
        handlers.put(
                "setVolumeSnapshotProtection",
                call -> changes.apply(
                        call,
                        new VolumeCommand.ProtectSnapshot(
                                new VolumeSnapshotKey(volume(call), call.pathValue("snapshot")),
                                call.body().getBoolean("protected"),
                                call.expected())));
        registerServed(handlers);
    }

    private void registerServed(Map<String, ApiHandler> handlers) {
        handlers.put("resizeVolume", call -> perform(call, Verb.RESIZE));
        handlers.put("setVolumeProfile", call -> perform(call, Verb.SET_PROFILE));
        handlers.put("createVolumeSnapshot", call -> perform(call, Verb.SNAPSHOT));
        handlers.put("deleteVolumeSnapshot", call -> perform(call, Verb.DELETE_SNAPSHOT));
        handlers.put("rollBackVolume", call -> perform(call, Verb.ROLL_BACK));
        handlers.put("listVolumeChanges", call -> perform(call, Verb.CHANGES));
        handlers.put("cloneVolume", call -> perform(call, Verb.CLONE));
        handlers.put("deleteVolume", call -> perform(call, Verb.DELETE));
        handlers.put("locateVolume", call -> perform(call, Verb.LOCATE));
        handlers.put("getVolumeStatistics", call -> perform(call, Verb.STATISTICS));
        handlers.put("attachVolume", call -> perform(call, Verb.ATTACH));
        handlers.put("detachVolume", call -> perform(call, Verb.DETACH));
        handlers.put("checkVolume", call -> perform(call, Verb.CHECK));
    }

    private static boolean isSystem(String volume) {
        return volume.startsWith(VolumeEntry.SYSTEM_PREFIX);
    }

    /// The name, if it is not one that only the cluster itself gives and changes.
    private static String requireOrdinary(String volume) {
        if (isSystem(volume)) {
            throw new Problem(
                            409,
                            "system-volume",
                            "names that begin with " + VolumeEntry.SYSTEM_PREFIX
                                    + " are the cluster's own: " + volume,
                            "")
                    .exception();
        }
        return volume;
    }

    private ApiReply create(ApiCall call) {
        JsonObject body = call.body();
        VolumeDraft draft = new VolumeDraft(
                body.getLong("sizeBytes"),
                body.getInteger("blockBytes", BLOCK_BYTES_STANDARD),
                profile(body),
                policy(call),
                new StreamId(random.nextLong()));
        return changes.create(call, new VolumeCommand.Create(requireOrdinary(body.getString("name")), draft));
    }

    private static Profile profile(JsonObject body) {
        String text = body.getString("profile");
        int plus = text.indexOf('+');
        return new Profile(
                Integer.parseInt(text.substring(0, plus)),
                Integer.parseInt(text.substring(plus + 1)),
                Profile.Spread.valueOf(body.getString("spread", "node").toUpperCase(Locale.ROOT)));
    }

    private static VolumePolicy policy(ApiCall call) {
        long seconds = call.body().getLong("checkIntervalSeconds", 0L);
        return new VolumePolicy(
                call.body().getBoolean("degraded", false), Duration.ofSeconds(seconds).toMillis());
    }

    private ApiReply perform(ApiCall call, Verb verb) {
        Outcome outcome = control.perform(
                new Request(verb, ALLOWED.contains(verb) ? volume(call) : changed(call),
                        arguments(call, verb), call.principal().actor(),
                        call.requestId()),
                call.remaining());
        if (outcome.refusal().isPresent()) {
            throw Changes.problem(outcome.refusal().get()).exception();
        }
        JsonObject facts = new JsonObject(new HashMap<>(outcome.facts())).put("node", outcome.node());
        return outcome.version() == 0
                ? ApiReply.ok(facts)
                : ApiReply.ok(facts.put("version", outcome.version())).withVersion(outcome.version());
    }

    private static Map<String, String> arguments(ApiCall call, Verb verb) {
        Map<String, String> arguments = new HashMap<>();
        for (String name : ARGUMENTS) {
            Object value = call.body().getValue(name);
            if (value != null) {
                arguments.put(name, value.toString());
            }
        }
        String name = call.body().getString("name");
        if (name != null) {
            arguments.put(
                    verb == Verb.CLONE ? "clone" : "snapshot",
                    verb == Verb.CLONE ? requireOrdinary(name) : name);
        }
        if (call.path().containsKey("snapshot")) {
            arguments.put("snapshot", call.pathValue("snapshot"));
        }
        QUERY.forEach(query -> call.queryValue(query).ifPresent(value -> arguments.put(query, value)));
        if (verb == Verb.DELETE && call.expected().value() > 0) {
            arguments.put("expected", Long.toString(call.expected().value()));
        }
        return arguments;
    }

    /// The volume that somebody wants to change.
    private static String changed(ApiCall call) {
        return requireOrdinary(volume(call));
    }

    private static String volume(ApiCall call) {
        return call.pathValue("volume");
    }
}
