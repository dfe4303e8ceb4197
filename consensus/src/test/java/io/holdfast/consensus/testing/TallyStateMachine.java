package io.holdfast.consensus.testing;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.statemachine.StateTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Counts how often each name was proposed: a command applied twice, or lost, shows. A command is a name,
/// optionally followed by `:` and padding; the reply is the new count, 8 bytes.
public final class TallyStateMachine implements LedgerStateMachine {
    public static final Keyspace TALLIES = new Keyspace("tallies");

    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();
    private final AtomicReference<LogIndex> lastEntry = new AtomicReference<>(LogIndex.ZERO);
    private final AtomicReference<@Nullable CommandContext> lastContext = new AtomicReference<>();

    @Override
    public List<Keyspace> keyspaces() {
        return List.of(TALLIES);
    }

    @Override
    public byte[] apply(CommandContext context, byte[] command, StateTransaction transaction) {
        applied.incrementAndGet();
        lastContext.set(context);
        byte[] key = name(command).getBytes(StandardCharsets.UTF_8);
        byte[] before = transaction.get(TALLIES, key);
        byte[] after = encode(before == null ? 1 : count(before) + 1);
        transaction.put(TALLIES, key, after);
        return after;
    }

    @Override
    public void onEntryApplied(LogIndex index) {
        lastEntry.set(index);
    }

    @Override
    public void onStateReplaced(StateStore store) {
        replaced.incrementAndGet();
    }

    /// Commands applied by this instance.
    public int applied() {
        return applied.get();
    }

    /// How often the state was replaced as a whole; 1 after a start.
    public int replaced() {
        return replaced.get();
    }

    public LogIndex lastEntry() {
        return lastEntry.get();
    }

    public CommandContext lastContext() {
        CommandContext context = lastContext.get();
        if (context == null) {
            throw new IllegalStateException("nothing was applied yet");
        }
        return context;
    }

    public static byte[] command(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /// What a reply says.
    public static long count(byte[] reply) {
        return ByteBuffer.wrap(reply).getLong();
    }

    /// How often the name was counted, as the state says.
    public static long tally(StateReader state, String name) {
        byte[] value = state.get(TALLIES, command(name));
        return value == null ? 0 : count(value);
    }

    private static byte[] encode(long count) {
        return ByteBuffer.allocate(Long.BYTES).putLong(count).array();
    }

    private static String name(byte[] command) {
        String text = new String(command, StandardCharsets.UTF_8);
        int end = text.indexOf(':');
        return end < 0 ? text : text.substring(0, end);
    }
}
