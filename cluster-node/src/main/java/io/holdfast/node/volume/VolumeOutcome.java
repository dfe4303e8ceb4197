package io.holdfast.node.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What came of a [VolumeCall].
///
/// @param node who did it
/// @param version of the volume's or snapshot's record; 0 if it was only read
/// @param facts what the caller wants to know: texts, numbers and maps of these
/// @param refusal why it was not done
public record VolumeOutcome(
        String node, long version, Map<String, Object> facts, Optional<Refusal> refusal) {
    private static final ObjectMapper JSON = JsonMapper.builder().addModule(new Jdk8Module()).build();

    /// A refusal as nodes say it to each other.
    public record Refusal(RefusalCode code, String message, String hint) {
        public Refused refused() {
            return new Refused(code, message, hint);
        }
    }

    public VolumeOutcome {
        facts = new LinkedHashMap<>(facts);
    }

    static VolumeOutcome done(String node, long version, Map<String, Object> facts) {
        return new VolumeOutcome(node, version, facts, Optional.empty());
    }

    static VolumeOutcome refused(String node, Refused refused) {
        return new VolumeOutcome(
                node, 0, Map.of(),
                Optional.of(new Refusal(refused.code(), refused.message(), refused.hint())));
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome is always written", e);
        }
    }

    static VolumeOutcome decode(byte[] bytes) {
        try {
            return JSON.readValue(bytes, VolumeOutcome.class);
        } catch (IOException e) {
            throw new PeerRefusedException("the outcome cannot be read: " + e.getMessage());
        }
    }
}
