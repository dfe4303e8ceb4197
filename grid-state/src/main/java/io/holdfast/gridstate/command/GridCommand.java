package io.holdfast.gridstate.command;

import java.util.Locale;
import java.util.regex.Pattern;

/// Everything that can be asked of the cluster state.
public sealed interface GridCommand
        permits SnapshotCommand,
                ApplicationCommand,
                LayerCommand,
                ImageCommand,
                ChunkCommand,
                RolloutCommand,
                ClusterCommand,
                AccessCommand,
                LeaseCommand,
                OperationCommand,
                SettingCommand,
                AuditCommand,
                VolumeCommand {
    /// What the command is about, as the audit names it; never a secret.
    String target();

    /// The command's kind, such as `snapshot.delete`.
    default String kind() {
        return Kinds.OF.get(getClass());
    }

    /// Names of the kinds, made once per class.
    final class Kinds {
        private static final Pattern WORD_START = Pattern.compile("(?<=[a-z])(?=[A-Z])");

        private static final ClassValue<String> OF = new ClassValue<>() {
            @Override
            protected String computeValue(Class<?> type) {
                String group = type.getEnclosingClass().getSimpleName();
                String name = WORD_START.matcher(type.getSimpleName()).replaceAll("-");
                return (group.substring(0, group.length() - "Command".length()) + "." + name)
                        .toLowerCase(Locale.ROOT);
            }
        };

        private Kinds() {}
    }
}
