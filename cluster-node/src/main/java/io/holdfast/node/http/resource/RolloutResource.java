package io.holdfast.node.http.resource;

import io.holdfast.gridstate.command.RolloutCommand;
import io.holdfast.gridstate.rollout.InstanceKey;
import io.holdfast.gridstate.rollout.LinkId;
import io.holdfast.gridstate.rollout.ObjectVersion;
import io.holdfast.gridstate.rollout.RolloutPlan;
import io.holdfast.gridstate.rollout.Verdict;
import io.holdfast.gridstate.rollout.Wave;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// Objects, instances and rollouts. Concurrent.
public final class RolloutResource {
    private static final int LINK_BYTES = 24;

    private final Changes changes;
    private final SecureRandom random = new SecureRandom();

    public RolloutResource(Changes changes) {
        this.changes = changes;
    }

    public void register(Map<String, ApiHandler> handlers) {
        registerObjects(handlers);
        verb(handlers, "startRollout", RolloutCommand.Start::new);
        verb(handlers, "advanceRollout", RolloutCommand.Advance::new);
        verb(handlers, "pauseRollout", RolloutCommand.Pause::new);
        verb(handlers, "resumeRollout", RolloutCommand.Resume::new);
        verb(handlers, "deleteRollout", RolloutCommand.Delete::new);
        handlers.put("createRollout", this::plan);
        handlers.put(
                "failRollout",
                call ->
                        changes.apply(
                                call,
                                new RolloutCommand.Fail(
                                        rollout(call),
                                        ClusterResource.reason(call),
                                        call.expected())));
        handlers.put(
                "undoRollout",
                call ->
                        changes.apply(
                                call,
                                new RolloutCommand.Undo(
                                        rollout(call),
                                        ClusterResource.reason(call),
                                        call.expected())));
        handlers.put(
                "moveLinks",
                call ->
                        changes.apply(
                                call, new RolloutCommand.MoveLinks(rollout(call), limit(call))));
        handlers.put(
                "sendBackLinks",
                call ->
                        changes.apply(
                                call, new RolloutCommand.SendBack(rollout(call), limit(call))));
        handlers.put("judgeInstance", this::judge);
    }

    private void registerObjects(Map<String, ApiHandler> handlers) {
        handlers.put(
                "createObject",
                call ->
                        changes.create(
                                call,
                                new RolloutCommand.DefineObject(
                                        call.body().getString("object"),
                                        version(call.body().getJsonObject("version")))));
        handlers.put(
                "addObjectVersion",
                call ->
                        changes.apply(
                                call,
                                new RolloutCommand.AddVersion(
                                        call.pathValue("object"),
                                        version(call.body()),
                                        call.expected())));
        handlers.put(
                "deleteObject",
                call ->
                        changes.apply(
                                call,
                                new RolloutCommand.DeleteObject(
                                        call.pathValue("object"), call.expected())));
        handlers.put("addInstance", this::addInstance);
        handlers.put(
                "removeInstance",
                call ->
                        changes.apply(
                                call,
                                new RolloutCommand.RemoveInstance(
                                        instance(call), call.expected())));
    }

    private void verb(
            Map<String, ApiHandler> handlers,
            String operation,
            BiFunction<String, ExpectedVersion, RolloutCommand> command) {
        handlers.put(
                operation,
                call -> changes.apply(call, command.apply(rollout(call), call.expected())));
    }

    private ApiReply addInstance(ApiCall call) {
        LinkId link = new LinkId(call.body().getString("link", drawLink()));
        ApiReply created =
                changes.create(call, new RolloutCommand.AddInstance(instance(call), link));
        return created;
    }

    private String drawLink() {
        byte[] bytes = new byte[LINK_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private ApiReply plan(ApiCall call) {
        JsonObject body = call.body();
        List<Wave> waves = new ArrayList<>();
        JsonArray declared = body.getJsonArray("waves");
        for (int i = 0; i < declared.size(); i++) {
            waves.add(wave(declared.getJsonObject(i)));
        }
        return changes.create(
                call,
                new RolloutCommand.Plan(
                        body.getString("rollout"),
                        new RolloutPlan(
                                body.getString("object"),
                                body.getString("version"),
                                waves,
                                body.getInteger("unhealthyMax", 0))));
    }

    private static Wave wave(JsonObject declared) {
        Integer percent = declared.getInteger("percent");
        JsonArray names = declared.getJsonArray("instances");
        if ((percent == null) == (names == null)) {
            throw new Problem(422, "invalid", "a wave has either a percent or instances", "")
                    .exception();
        }
        if (percent != null) {
            return new Wave.UpTo(percent);
        }
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            instances.add(names.getString(i));
        }
        return new Wave.Named(instances);
    }

    private ApiReply judge(ApiCall call) {
        JsonObject body = call.body();
        Verdict verdict =
                body.getBoolean("healthy")
                        ? new Verdict.Healthy()
                        : new Verdict.Unhealthy(ClusterResource.reason(call));
        return changes.apply(
                call,
                new RolloutCommand.Judge(
                        rollout(call),
                        body.getString("instance"),
                        body.getInteger("generation"),
                        verdict));
    }

    private static int limit(ApiCall call) {
        return call.body().getInteger("limit", RolloutCommand.LINKS_PER_STEP_MAX);
    }

    private static String rollout(ApiCall call) {
        return call.pathValue("rollout");
    }

    private static InstanceKey instance(ApiCall call) {
        return new InstanceKey(call.pathValue("object"), call.pathValue("instance"));
    }

    private static ObjectVersion version(JsonObject declared) {
        return new ObjectVersion(declared.getString("name"), declared.getString("location"));
    }
}
