package io.holdfast.node.http.port;

import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Does what has to be done with a volume by the node that serves it, wherever that is. Concurrent; blocks,
/// and throws a `ConsensusException` if nobody can decide or answer in time.
@FunctionalInterface
public interface VolumeControl {
    Outcome perform(Request request, Duration patience);

    /// What is asked.
    ///
    /// @param verb what
    /// @param volume with which
    /// @param arguments the verb's own
    /// @param actor on whose behalf
    /// @param requestId as logs and the audit have it
    record Request(Verb verb, String volume, Map<String, String> arguments, Actor actor, String requestId) {
        public Request {
            arguments = Map.copyOf(arguments);
        }
    }

    /// What can be asked.
    enum Verb {
        RESIZE,
        SET_PROFILE,
        SNAPSHOT,
        DELETE_SNAPSHOT,
        ROLL_BACK,
        CLONE,
        CHANGES,
        DELETE,
        LOCATE,
        ATTACH,
        DETACH,
        STATISTICS,
        CHECK
    }

    /// What came of it.
    ///
    /// @param node who did it
    /// @param version of the record; 0 if it was only read
    /// @param facts what the caller wants to know
    /// @param refusal why it was not done
    record Outcome(String node, long version, Map<String, Object> facts, Optional<Refused> refusal) {}
}
