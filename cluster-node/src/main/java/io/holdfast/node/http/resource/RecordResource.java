package io.holdfast.node.http.resource;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// Settings, leases and operations. Concurrent.
public final class RecordResource {
    private final Changes changes;

    public RecordResource(Changes changes) {
        this.changes = changes;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("putSetting", this::putSetting);
        handlers.put(
                "deleteSetting",
                call ->
                        changes.apply(
                                call,
                                new SettingCommand.Remove(
                                        call.pathValue("setting"), call.expected())));
        handlers.put(
                "acquireLease",
                call ->
                        changes.apply(
                                call,
                                new LeaseCommand.Acquire(
                                        lease(call),
                                        holder(call),
                                        call.body().getLong("ttlMillis"))));
        handlers.put(
                "renewLease",
                call ->
                        changes.apply(
                                call,
                                new LeaseCommand.Renew(
                                        lease(call),
                                        holder(call),
                                        token(call),
                                        call.body().getLong("ttlMillis"))));
        handlers.put(
                "releaseLease",
                call ->
                        changes.apply(
                                call,
                                new LeaseCommand.Release(lease(call), holder(call), token(call))));
        handlers.put(
                "seizeLease",
                call ->
                        changes.apply(
                                call,
                                new LeaseCommand.Seize(
                                        lease(call),
                                        holder(call),
                                        call.body().getLong("ttlMillis"))));
        handlers.put(
                "cancelOperation",
                call ->
                        changes.apply(
                                call, new OperationCommand.Cancel(call.pathValue("operation"))));
    }

    private ApiReply putSetting(ApiCall call) {
        JsonObject body = call.body();
        String text = body.getString("value");
        String base64 = body.getString("valueBase64");
        if ((text == null) == (base64 == null)) {
            throw new Problem(422, "invalid", "a setting is given as value or as valueBase64", "")
                    .exception();
        }
        byte[] bytes;
        try {
            bytes =
                    text != null
                            ? text.getBytes(StandardCharsets.UTF_8)
                            : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new Problem(422, "invalid", "/valueBase64 is not base 64", "").exception();
        }
        return changes.apply(
                call,
                new SettingCommand.Put(
                        call.pathValue("setting"), Octets.copyOf(bytes), call.expected()));
    }

    private static String lease(ApiCall call) {
        return call.pathValue("lease");
    }

    private static String holder(ApiCall call) {
        return call.body().getString("holder");
    }

    private static FencingToken token(ApiCall call) {
        return new FencingToken(call.body().getLong("token"));
    }
}
