package io.holdfast.node.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// Something to be done with a volume by the node that serves it.
///
/// @param verb what
/// @param volume with which
/// @param arguments the verb's own
/// @param user on whose behalf; absent for a node's own account
/// @param node the node that asks
/// @param requestId as logs and the audit have it
public record VolumeCall(
        Verb verb,
        String volume,
        Map<String, String> arguments,
        Optional<String> user,
        String node,
        String requestId) {
    private static final ObjectMapper JSON = JsonMapper.builder().addModule(new Jdk8Module()).build();

    /// What can be asked. The names are part of what nodes say to each other.
    public enum Verb {
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

    public VolumeCall {
        arguments = Map.copyOf(arguments);
    }

    /// An argument that the verb needs.
    public String argument(String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException("an argument is missing: verb=" + verb + " name=" + name);
        }
        return value;
    }

    /// Whether a flag is set.
    public boolean has(String flag) {
        return Boolean.parseBoolean(arguments.getOrDefault(flag, "false"));
    }

    /// A command on behalf of whoever asked.
    CommandEnvelope envelope(GridCommand command) {
        Actor actor = user.<Actor>map(Actor.User::new).orElseGet(() -> new Actor.Node(node));
        return new CommandEnvelope(actor, requestId, command);
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a call is always written", e);
        }
    }

    static VolumeCall decode(byte[] bytes) {
        try {
            return JSON.readValue(bytes, VolumeCall.class);
        } catch (IOException e) {
            throw new PeerRefusedException("the call cannot be read: " + e.getMessage());
        }
    }
}
