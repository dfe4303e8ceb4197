package io.holdfast.node.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;

/// Reports of disks on their way between nodes: JSON, in which a newer node may say more than an older one
/// understands.
public final class DiskReports {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .build();

    private DiskReports() {}

    public static byte[] encode(List<DiskReport> reports) {
        try {
            return JSON.writeValueAsBytes(reports);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is always written", e);
        }
    }

    /// Reads what [#encode] writes.
    ///
    /// @throws IllegalArgumentException if the bytes are something else
    public static List<DiskReport> decode(byte[] bytes) {
        try {
            return JSON.readValue(bytes, new TypeReference<List<DiskReport>>() {});
        } catch (IOException e) {
            throw new IllegalArgumentException("no reports of disks: " + e.getMessage(), e);
        }
    }
}
