package io.holdfast.node.testing;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.testing.InMemoryReplicatedLog;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.node.http.ApiPorts;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.port.AppGateway;
import io.holdfast.node.http.port.CommandGateway;
import io.holdfast.node.http.port.ImageDesk;
import io.holdfast.node.http.port.InstanceDesk;
import io.holdfast.node.http.port.JoinDesk;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.http.port.StartView;
import io.holdfast.node.http.port.StatusSource;
import io.holdfast.node.http.port.TrendView;
import io.holdfast.node.http.port.VolumeControl;
import io.holdfast.node.http.reads.LedgerReads;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.identity.JoinToken;
import io.holdfast.node.identity.UserToken;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.survey.TroubleSurvey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What stands behind the API of a node, without a network: the real catalogs and their rules on a log of
/// one peer in memory. As concurrent as that log.
public final class FakeNode implements StatusSource, JoinDesk, CommandGateway {
    private static final Actor.Node SELF = new Actor.Node("node-a");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final GridCodec codec = new GridCodec(GridCodec.LEVEL_MAX);
    private final InMemoryReplicatedLog log =
            InMemoryReplicatedLog.open(new GridStateMachine(), InstantSource.system());
    private final LedgerReads reads = new LedgerReads(log, codec, () -> false);
    private volatile Optional<String> unready = Optional.empty();
    private volatile AppGateway gateway = (request, _) -> request.response().setStatusCode(404).end();
    private volatile StartView starts = (_, _) -> new StartView.Starts(List.of(), List.of(), List.of());
    private volatile InstanceDesk instances =
            (_, _) -> new InstanceDesk.Answer.Refused(404, "no-instance", "there is none");

    /// A founded cluster with one node, `node-a`.
    public static FakeNode founded() {
        FakeNode node = new FakeNode();
        Addresses addresses =
                new Addresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4");
        node.apply(
                new ClusterCommand.Found(
                        "c0ffee",
                        "home",
                        "node-a",
                        new NodeDescription("zone-1", addresses, true, GridCodec.LEVEL_MAX),
                        new NodeCertificate("1f", new Sha256("0".repeat(64)), Long.MAX_VALUE)));
        return node;
    }

    public ApiPorts ports() {
        return ports(Optional.empty());
    }

    /// With a login elsewhere.
    public ApiPorts ports(Optional<SignOn> signOn) {
        return new ApiPorts(
                this, reads, reads, this, this, () -> "holdfast_up 1\n", gateway, instances,
                starts, new NoImports(), FakeNode::noVolume, new FakeStorage(),
                new TroubleSurvey(reads, reads), _ -> new TrendView.Trends(List.of(), List.of()), signOn,
                new RefusalLog(System::nanoTime));
    }

    /// Imports begin and do not come to an end.
    private static final class NoImports implements ImageDesk {
        @Override
        public String node() {
            return "node-a";
        }

        @Override
        public void begin(Order order) {
            // Nothing follows.
        }
    }

    /// Takes the requests for applications from now on.
    public void serveApplications(AppGateway newGateway, InstanceDesk newInstances) {
        gateway = newGateway;
        instances = newInstances;
    }

    /// Tells of these starts of applications from now on.
    public void serveStarts(StartView newStarts) {
        starts = newStarts;
    }

    /// What this node has applied.
    public LedgerReads reads() {
        return reads;
    }

    public InMemoryReplicatedLog log() {
        return log;
    }

    public void unready(Optional<String> reason) {
        unready = reason;
    }

    /// Makes a user with a token and gives back the token's text.
    public String user(String name, Role role) {
        apply(new AccessCommand.CreateUser(name, role));
        return token(name, Instant.now().plus(Duration.ofDays(1)));
    }

    /// Makes another token for a user.
    public String token(String user, Instant expires) {
        UserToken token = UserToken.create(RANDOM);
        apply(
                new AccessCommand.CreateToken(
                        new UserTokenKey(user, token.id()),
                        new Sha256(token.secret().hash().hex()),
                        expires.toEpochMilli(),
                        "test"));
        return token.text();
    }

    /// Applies a command that must be accepted.
    public GridReply.Accepted apply(GridCommand command) {
        GridReply reply =
                submit(new CommandEnvelope(SELF, "test", command), Optional.empty()).join().reply();
        if (reply instanceof GridReply.Accepted accepted) {
            return accepted;
        }
        throw new AssertionError("refused: " + reply + " command=" + command);
    }

    @Override
    public CompletableFuture<Answer> submit(
            CommandEnvelope envelope, Optional<String> idempotencyKey) {
        byte[] command = codec.encodeCommand(envelope);
        Proposal proposal =
                idempotencyKey
                        .map(key -> new Proposal(session(key), 1, 0, command))
                        .orElseGet(() -> Proposal.sessionless(command));
        return log.propose(proposal)
                .thenApply(
                        committed ->
                                new Answer(
                                        codec.decodeReply(committed.reply()),
                                        committed.index().value()));
    }

    @Override
    public Welcome join(Application application, Duration patience) {
        try {
            JoinToken.parse(application.token());
        } catch (InvalidIdentityException e) {
            throw new PeerRefusedException("the join token is not known");
        }
        return new Welcome("c0ffee", "certificate", "authorities", List.of());
    }

    @Override
    public NodeReport here() {
        return new NodeReport(
                "node-a",
                "test",
                Instant.EPOCH,
                log.appliedIndex().value(),
                0,
                List.of(log.status()),
                Optional.of(new GridReport(1, 2, 3, 0, true)),
                List.of(new MachineReport("node-life", "Ready", Instant.EPOCH, "caught up")),
                List.of(),
                Traffic.NONE);
    }

    @Override
    public List<NodeReport> others(Duration patience) {
        return List.of();
    }

    @Override
    public Optional<NodeReport> other(String node, Duration patience) {
        return Optional.empty();
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public Optional<String> unreadyReason() {
        return unready;
    }

    /// How far the fake ledger has come.
    public LogIndex index() {
        return log.appliedIndex();
    }

    private static VolumeControl.Outcome noVolume(VolumeControl.Request request, Duration patience) {
        return new VolumeControl.Outcome(
                SELF.name(), 0, Map.of(), Optional.of(Refusals.notFound("volume", request.volume())));
    }

    private static SessionId session(String key) {
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(key.getBytes(StandardCharsets.UTF_8)));
            return new SessionId(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
