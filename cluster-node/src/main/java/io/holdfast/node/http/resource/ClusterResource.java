package io.holdfast.node.http.resource;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.JoinDesk;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.identity.JoinToken;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.vertx.core.json.JsonObject;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nodes: their states, rights to join, and joining itself. Concurrent.
public final class ClusterResource {
    private static final long JOIN_SECONDS_STANDARD = Duration.ofHours(24).toSeconds();

    private static final Logger LOG = LoggerFactory.getLogger(ClusterResource.class);

    private final Changes changes;
    private final JoinDesk desk;
    private final Supplier<X509Certificate> authority;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /// @param authority the authority that new join tokens name
    public ClusterResource(
            Changes changes,
            JoinDesk desk,
            Supplier<X509Certificate> authority,
            InstantSource clock) {
        this.changes = changes;
        this.desk = desk;
        this.authority = authority;
        this.clock = clock;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put(
                "drainNode",
                call ->
                        changes.apply(
                                call,
                                new ClusterCommand.DrainNode(
                                        call.pathValue("node"), call.expected())));
        handlers.put(
                "resumeNode",
                call ->
                        changes.apply(
                                call,
                                new ClusterCommand.ResumeNode(
                                        call.pathValue("node"), call.expected())));
        handlers.put(
                "maintainNode",
                call ->
                        changes.apply(
                                call,
                                new ClusterCommand.MaintainNode(
                                        call.pathValue("node"), reason(call), call.expected())));
        handlers.put(
                "evictNode",
                call ->
                        changes.apply(
                                call,
                                new ClusterCommand.EvictNode(
                                        call.pathValue("node"), reason(call), call.expected())));
        handlers.put("createJoinToken", this::createToken);
        handlers.put(
                "revokeJoinToken",
                call ->
                        changes.apply(
                                call, new ClusterCommand.RevokeJoinToken(call.pathValue("token"))));
        handlers.put("join", this::join);
    }

    static String reason(ApiCall call) {
        return call.body().getString("reason", "");
    }

    private ApiReply createToken(ApiCall call) {
        JoinToken token = JoinToken.create(authority.get(), random);
        Instant expires =
                clock.instant()
                        .plusSeconds(call.body().getLong("expiresSeconds", JOIN_SECONDS_STANDARD));
        ApiReply created =
                changes.create(
                        call,
                        new ClusterCommand.CreateJoinToken(
                                token.id(),
                                new Sha256(token.secret().hash().hex()),
                                expires.toEpochMilli()));
        LOG.info(
                "made a join token: id={} by={} note={}",
                token.id(),
                call.principal().actor().label(),
                call.body().getString("note", ""));
        JsonObject body =
                created.body()
                        .toJsonObject()
                        .put("id", token.id())
                        .put("token", token.text())
                        .put("expires", expires.toString());
        return new ApiReply(created.status(), created.headers(), body.toBuffer());
    }

    private ApiReply join(ApiCall call) {
        JsonObject body = call.body();
        JsonObject addresses = body.getJsonObject("addresses");
        NodeDescription description =
                new NodeDescription(
                        body.getString("zone"),
                        new Addresses(
                                addresses.getString("api"),
                                addresses.getString("peer"),
                                addresses.getString("raft"),
                                addresses.getString("grid")),
                        body.getBoolean("wantsVote", false),
                        body.getInteger("level", 1));
        try {
            JoinDesk.Application application =
                    new JoinDesk.Application(
                            body.getString("token"),
                            body.getString("name"),
                            body.getString("certificateRequest"),
                            description);
            return ApiReply.json(201, RecordJson.object(desk.join(application, call.remaining())));
        } catch (InvalidIdentityException e) {
            throw new Problem(422, "invalid", String.valueOf(e.getMessage()), "").exception();
        } catch (PeerRefusedException e) {
            throw new Problem(
                            403,
                            "join-refused",
                            String.valueOf(e.getMessage()),
                            "make a fresh token: holdfast token create")
                    .exception();
        }
    }
}
