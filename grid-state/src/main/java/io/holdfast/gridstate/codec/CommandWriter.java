package io.holdfast.gridstate.codec;

import io.holdfast.gridstate.command.CommandEnvelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes each command at the least level that can say it, so that a cluster takes whatever it knows already
/// and refuses, with a word about levels, only what is too new for it. Concurrent.
public final class CommandWriter {
    private final List<GridCodec> codecs = new ArrayList<>();
    private final Map<Class<?>, Integer> firstLevels = GridTypes.TABLE.entries().stream()
            .collect(Collectors.toUnmodifiableMap(TypeTable.Entry::type, TypeTable.Entry::firstLevel));

    public CommandWriter() {
        for (int level = 1; level <= GridCodec.LEVEL_MAX; level++) {
            codecs.add(new GridCodec(level));
        }
    }

    /// A command as a proposal holds it.
    public byte[] write(CommandEnvelope envelope) {
        int level = firstLevels.getOrDefault(envelope.command().getClass(), 1);
        while (level < GridCodec.LEVEL_MAX) {
            try {
                return codecs.get(level - 1).encodeCommand(envelope);
            } catch (IllegalArgumentException sayingMoreThanTheLevelCan) {
                level++;
            }
        }
        return codecs.getLast().encodeCommand(envelope);
    }
}
