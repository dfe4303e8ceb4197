package io.holdfast.node.http.resource;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.placement.PlacementCatalogs;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.exchange.ProblemException;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.InstanceDesk;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.http.port.InstanceDesk.Order;
import io.holdfast.node.http.port.StartView;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Applications, their instances, and snapshots of these. Concurrent.
public final class ApplicationResource {
    private static final int LOG_BYTES_STANDARD = 64 << 10;
    private static final long EXECUTE_MILLIS_STANDARD = 10_000;

    /// A page of people rather shows a node as silent than waits for it.
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final Changes changes;
    private final Reads reads;
    private final InstanceDesk desk;
    private final StartView starts;

    public ApplicationResource(Changes changes, Reads reads, InstanceDesk desk, StartView starts) {
        this.changes = changes;
        this.reads = reads;
        this.desk = desk;
        this.starts = starts;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put(
                "defineApplication",
                call -> changes.apply(
                        call,
                        new ApplicationCommand.Define(
                                key(call), ApplicationBody.specOf(call.body()), call.expected())));
        handlers.put(
                "deleteApplication",
                call -> changes.apply(call, new ApplicationCommand.Delete(key(call), call.expected())));
        handlers.put(
                "stopApplication",
                call -> changes.apply(
                        call, new ApplicationCommand.SetStopped(key(call), true, call.expected())));
        handlers.put(
                "startApplication",
                call -> changes.apply(
                        call, new ApplicationCommand.SetStopped(key(call), false, call.expected())));
        handlers.put(
                "listPlacements", call -> reads.page(call, PlacementCatalogs.PLACEMENTS, key(call) + "/"));
        handlers.put("scaleApplication", this::scale);
        handlers.put("startInstance", this::startInstance);
        handlers.put("listStarts", this::listStarts);
        handlers.put("readLog", this::readLog);
        handlers.put("execute", this::execute);
        handlers.put("createSnapshot", this::createSnapshot);
        handlers.put(
                "restoreSnapshot",
                call -> changes.apply(call, new SnapshotCommand.Restore(
                        snapshot(call),
                        call.queryValue("rollBackVolumes").map(Boolean::parseBoolean).orElse(false))));
        handlers.put("copySnapshot", this::copySnapshot);
        handlers.put(
                "locateSnapshot",
                call -> perform(
                        call,
                        new Order.Locate(
                                snapshot(call).application().toString(), 0, snapshot(call).toString())));
    }

    /// Unless the caller expects another version, what was read here is what is changed.
    private ApiReply scale(ApiCall call) {
        Versioned<ApplicationKey, ApplicationEntry> known =
                reads.existing(call, SnapshotCatalogs.APPLICATIONS, key(call).toString());
        ApplicationSpec spec = known.value().spec().orElseThrow(() -> conflict(
                "undefined", "only snapshots are known of the application", "define it first"));
        if (known.value().isStopped()) {
            throw conflict("stopped", "the application is stopped", "start it first");
        }
        return changes.apply(call, new ApplicationCommand.Define(
                key(call),
                spec.withScaling(ApplicationBody.scaled(spec, call.body())),
                call.expected().equals(ExpectedVersion.ANY)
                        ? ExpectedVersion.of(known.version())
                        : call.expected()));
    }

    private static ProblemException conflict(String code, String detail, String hint) {
        return new Problem(409, code, detail, hint).exception();
    }

    private ApiReply startInstance(ApiCall call) {
        return perform(
                call, new Order.Start(key(call).toString(), -1, call.body().getString("node")));
    }

    private ApiReply listStarts(ApiCall call) {
        Duration patience = PATIENCE.compareTo(call.remaining()) < 0 ? PATIENCE : call.remaining();
        return ApiReply.ok(RecordJson.object(starts.starts(key(call), patience)));
    }

    private ApiReply readLog(ApiCall call) {
        return perform(call, new Order.ReadLog(
                key(call).toString(),
                slot(call),
                call.queryValue("tail").map(text -> -Long.parseLong(text))
                        .or(() -> call.queryValue("offset").map(Long::parseLong))
                        .orElse(0L),
                call.queryValue("limit").map(Integer::parseInt).orElse(LOG_BYTES_STANDARD),
                call.queryValue("waitMillis").map(Long::parseLong).orElse(0L),
                call.queryValue("member")));
    }

    private ApiReply execute(ApiCall call) {
        List<String> command = new ArrayList<>();
        JsonArray words = call.body().getJsonArray("command");
        for (int i = 0; i < words.size(); i++) {
            command.add(words.getString(i));
        }
        return perform(call, new Order.Execute(
                key(call).toString(),
                call.body().getInteger("slot", -1),
                command,
                call.body().getLong("withinMillis", EXECUTE_MILLIS_STANDARD),
                Optional.ofNullable(call.body().getString("member"))));
    }

    private ApiReply createSnapshot(ApiCall call) {
        return perform(call, new Order.Save(
                key(call).toString(),
                call.body().getInteger("slot", -1),
                Optional.ofNullable(call.body().getString("name")),
                call.body().getString("then", "go-on")));
    }

    private ApiReply copySnapshot(ApiCall call) {
        ApplicationKey to = Reads.key(SnapshotCatalogs.APPLICATIONS, call.body().getString("application"));
        return perform(call, new Order.Copy(to.toString(), 0, snapshot(call).toString()));
    }

    private ApiReply perform(ApiCall call, Order order) {
        return switch (desk.perform(order, call.remaining())) {
            case Answer.Saved saved -> ApiReply.json(201, RecordJson.object(saved));
            case Answer.LogPart part -> ApiReply.ok(RecordJson.object(part));
            case Answer.Started started -> ApiReply.json(201, RecordJson.object(started));
            case Answer.Located located -> ApiReply.ok(RecordJson.object(located));
            case Answer.Executed executed -> ApiReply.ok(RecordJson.object(executed));
            case Answer.Refused refused ->
                throw new Problem(refused.status(), refused.code(), refused.detail(), refused.hint())
                        .exception();
        };
    }

    private static int slot(ApiCall call) {
        return call.queryValue("slot").map(Integer::parseInt).orElse(-1);
    }

    private static ApplicationKey key(ApiCall call) {
        return Reads.key(SnapshotCatalogs.APPLICATIONS, call.pathValue("application"));
    }

    private static SnapshotKey snapshot(ApiCall call) {
        return Reads.key(SnapshotCatalogs.SNAPSHOTS, call.pathValue("snapshot"));
    }
}
