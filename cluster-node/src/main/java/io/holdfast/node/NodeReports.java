package io.holdfast.node;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.holdfast.node.http.port.StatusSource.NodeReport;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;

/// A node's report on its way between nodes: JSON, in which a newer node may say more than an older one
/// understands.
final class NodeReports {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // A report is what its records' components say: isLeader() beside leader() is no part of it.
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .build();

    private NodeReports() {}

    static byte[] encode(NodeReport report) {
        try {
            return JSON.writeValueAsBytes(report);
        } catch (IOException e) {
            throw new IllegalStateException("a report is always written", e);
        }
    }

    static NodeReport decode(byte[] bytes) {
        try {
            return JSON.readValue(bytes, NodeReport.class);
        } catch (IOException e) {
            throw new PeerRefusedException("the report cannot be read: " + e.getMessage());
        }
    }
}
