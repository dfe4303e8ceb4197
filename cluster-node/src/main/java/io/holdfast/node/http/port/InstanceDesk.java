package io.holdfast.node.http.port;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Does something to an instance of an application, on whatever node it runs. Concurrent; blocks.
@FunctionalInterface
public interface InstanceDesk {
    /// Carries an order out. Throws a `ConsensusException` if the node cannot be asked.
    Answer perform(Order order, Duration patience);

    /// What to do, and to which instance.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "save", value = Order.Save.class),
        @JsonSubTypes.Type(name = "read-log", value = Order.ReadLog.class),
        @JsonSubTypes.Type(name = "execute", value = Order.Execute.class),
        @JsonSubTypes.Type(name = "copy", value = Order.Copy.class),
        @JsonSubTypes.Type(name = "locate", value = Order.Locate.class),
        @JsonSubTypes.Type(name = "start", value = Order.Start.class)
    })
    sealed interface Order {
        /// The application, `tenant/name`.
        String application();

        /// Which of its slots; -1 for the first that is claimed.
        int slot();

        /// Saves it.
        ///
        /// @param name of the snapshot; chosen if absent
        /// @param then `go-on`, `sleep` or `end`
        record Save(String application, int slot, Optional<String> name, String then) implements Order {}

        /// Reads what it wrote.
        ///
        /// @param offset where to begin; negative: so far before the end
        /// @param waitMillis how long to wait for something to be there
        /// @param member of a group, which has to be named
        record ReadLog(
                String application, int slot, long offset, int bytesMax, long waitMillis,
                Optional<String> member)
                implements Order {}

        /// Runs a command inside.
        ///
        /// @param member of a group, which has to be named
        record Execute(
                String application, int slot, List<String> command, long withinMillis,
                Optional<String> member)
                implements Order {
            public Execute {
                command = List.copyOf(command);
            }
        }

        /// Copies a snapshot for another application.
        ///
        /// @param application of the copy
        /// @param slot not looked at
        /// @param snapshot what is copied, `tenant/application/name`
        record Copy(String application, int slot, String snapshot) implements Order {}

        /// Says where a snapshot's bytes are.
        ///
        /// @param slot not looked at
        /// @param snapshot which, `tenant/application/name`
        record Locate(String application, int slot, String snapshot) implements Order {}

        /// Starts an instance at a node that is named, rather than where the next request comes in.
        ///
        /// @param slot not looked at
        record Start(String application, int slot, String node) implements Order {}
    }

    /// What came of it.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "saved", value = Answer.Saved.class),
        @JsonSubTypes.Type(name = "log-part", value = Answer.LogPart.class),
        @JsonSubTypes.Type(name = "executed", value = Answer.Executed.class),
        @JsonSubTypes.Type(name = "located", value = Answer.Located.class),
        @JsonSubTypes.Type(name = "started", value = Answer.Started.class),
        @JsonSubTypes.Type(name = "refused", value = Answer.Refused.class)
    })
    sealed interface Answer {
        /// The snapshot's key, `tenant/application/name`.
        record Saved(String snapshot, long sizeBytes) implements Answer {}

        /// A part of the log.
        ///
        /// @param offset where it begins, later than asked for if what was there is forgotten
        /// @param nextOffset where to go on
        /// @param text with every byte that is no UTF-8 replaced
        /// @param hasEnded whether nothing more will come
        record LogPart(String node, long offset, long nextOffset, String text, boolean hasEnded)
                implements Answer {}

        /// How a command ended.
        record Executed(String node, int exitCode, String output, String errors, boolean isComplete)
                implements Answer {}

        /// Where a snapshot's bytes are.
        ///
        /// @param profile how they are coded, such as `2+1`; several if that was changed meanwhile
        /// @param sizeBytes of the sealed snapshot
        /// @param storedBytes with parity
        /// @param chunks that it is in
        /// @param chunksAtRisk those of them that lack fragments
        /// @param nodes that hold fragments of them
        record Located(
                String profile, long sizeBytes, long storedBytes, int chunks, int chunksAtRisk,
                List<String> nodes)
                implements Answer {
            public Located {
                nodes = List.copyOf(nodes);
            }
        }

        /// An instance begins.
        ///
        /// @param instance its key, `tenant/name/slot`
        record Started(String node, String instance) implements Answer {}

        /// Nothing was done.
        ///
        /// @param status as HTTP has it
        /// @param hint what to do about it; may be empty
        record Refused(int status, String code, String detail, String hint) implements Answer {
            public Refused(int status, String code, String detail) {
                this(status, code, detail, "");
            }

            public Refused {
                // A node of an earlier version sends none.
                hint = Objects.requireNonNullElse(hint, "");
            }
        }
    }
}
