package io.holdfast.gridstate.testing;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.testing.InMemoryStateStore;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/// A state machine over a store in memory, to which a test applies entries by hand. Confined to one thread.
public final class GridHarness {
    /// The time of the first entry.
    public static final long START_MILLIS = 1_800_000_000_000L;

    /// Whom commands come from unless a test says otherwise; not audited.
    public static final Actor NODE = new Actor.Node("n1");

    private GridCodec codec = new GridCodec();
    private GridStateMachine machine = new GridStateMachine();
    private final InMemoryStateStore store = new InMemoryStateStore(machine.keyspaces());
    private long index;
    private long timeMillis = START_MILLIS;

    /// A harness whose cluster is founded, at the newest level.
    public static GridHarness founded() {
        GridHarness harness = new GridHarness();
        harness.codec = new GridCodec(GridCodec.LEVEL_MAX);
        NodeDescription description = Samples.description("z1", true);
        harness.applyBytes(List.of(new GridCodec().encodeCommand(new CommandEnvelope(NODE, "r0",
                new ClusterCommand.Found("c-1", "home", "n1",
                        new NodeDescription(description.zone(), description.addresses(), true,
                                GridCodec.LEVEL_MAX),
                        Samples.CERTIFICATE)))));
        return harness;
    }

    public GridCodec codec() {
        return codec;
    }

    public InMemoryStateStore store() {
        return store;
    }

    public GridStateMachine machine() {
        return machine;
    }

    public CatalogReader reader() {
        return new CatalogReader(store, codec);
    }

    public long timeMillis() {
        return timeMillis;
    }

    public long index() {
        return index;
    }

    public void elapse(long millis) {
        timeMillis += millis;
    }

    /// Replaces the state machine by a new one, as a restart does.
    public void restart() {
        machine = new GridStateMachine();
        machine.onStateReplaced(store);
    }

    /// Applies a command as an entry of its own.
    public GridReply apply(GridCommand command) {
        return applyAs(NODE, command);
    }

    public GridReply applyAs(Actor actor, GridCommand command) {
        return applyEntry(List.of(new CommandEnvelope(actor, "r" + index, command))).getFirst();
    }

    /// Applies commands that share an entry.
    public List<GridReply> applyEntry(List<CommandEnvelope> envelopes) {
        List<GridReply> replies = new ArrayList<>();
        for (byte[] reply : applyBytes(envelopes.stream().map(codec::encodeCommand).toList())) {
            replies.add(codec.decodeReply(reply));
        }
        return replies;
    }

    /// Applies encoded commands that share an entry.
    public List<byte[]> applyBytes(List<byte[]> commands) {
        LogIndex next = new LogIndex(++index);
        LedgerTransaction transaction = store.begin();
        List<byte[]> replies = new ArrayList<>();
        for (int ordinal = 0; ordinal < commands.size(); ordinal++) {
            CommandContext context = new CommandContext(next, ordinal, timeMillis);
            replies.add(machine.apply(context, commands.get(ordinal), transaction));
        }
        transaction.commit(new Position(next, new Term(1)));
        machine.onEntryApplied(next);
        return replies;
    }

    /// Applies a command that must be accepted.
    public GridReply.Accepted accept(GridCommand command) {
        GridReply reply = apply(command);
        if (reply instanceof GridReply.Accepted accepted) {
            return accepted;
        }
        throw new AssertionError("refused: command=" + command + " reply=" + reply);
    }

    /// Applies a command that must be refused and change nothing; answers why it was.
    public RefusalCode refuse(GridCommand command) {
        String before = dump();
        GridReply reply = apply(command);
        if (!(reply instanceof GridReply.Refused refused)) {
            throw new AssertionError("accepted: command=" + command);
        }
        if (!before.equals(dump())) {
            throw new AssertionError("refused, but not without a trace: command=" + command);
        }
        return refused.code();
    }

    public <K, R> R get(Catalog<K, R> catalog, K key) {
        return find(catalog, key).orElseThrow(() -> new AssertionError("not there: key=" + key));
    }

    public <K, R> Optional<R> find(Catalog<K, R> catalog, K key) {
        return reader().get(catalog, key).map(Versioned::value);
    }

    public <K, R> long version(Catalog<K, R> catalog, K key) {
        return reader().get(catalog, key).map(Versioned::version).orElse(0L);
    }

    /// Everything stored, as text.
    public String dump() {
        StringJoiner lines = new StringJoiner("\n");
        for (Keyspace keyspace : machine.keyspaces()) {
            store.scan(keyspace, new byte[0], new byte[0], (key, value) -> {
                HexFormat hex = HexFormat.of();
                lines.add(keyspace.name() + " " + hex.formatHex(key) + " " + hex.formatHex(value));
                return true;
            });
        }
        return lines.toString();
    }
}
