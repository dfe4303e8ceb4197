package io.holdfast.node.survey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.node.http.port.StartView.Frozen;
import io.holdfast.node.http.port.StartView.Start;
import io.holdfast.node.http.port.StorageView.HostFinding;
import io.holdfast.node.http.port.StorageView.ServedVolume;
import io.holdfast.node.http.port.TrendView.Sample;
import java.io.IOException;
import java.util.List;

/// Answers of surveys on their way between nodes.
final class SurveyJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .build();

    private SurveyJson() {}

    static byte[] encode(List<? extends Record> answers) {
        try {
            return JSON.writeValueAsBytes(answers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always written", e);
        }
    }

    /// Reads figures of volumes.
    ///
    /// @throws IllegalArgumentException if the bytes are something else
    static List<ServedVolume> figures(byte[] bytes) {
        return decode(bytes, new TypeReference<List<ServedVolume>>() {});
    }

    /// Reads findings about a host.
    ///
    /// @throws IllegalArgumentException if the bytes are something else
    static List<HostFinding> findings(byte[] bytes) {
        return decode(bytes, new TypeReference<List<HostFinding>>() {});
    }

    /// Reads starts of an application.
    ///
    /// @throws IllegalArgumentException if the bytes are something else
    static List<Start> starts(byte[] bytes) {
        return decode(bytes, new TypeReference<List<Start>>() {});
    }

    /// Reads what stands ready of an application.
    ///
    /// @throws IllegalArgumentException if the bytes are something else
    static List<Frozen> frozen(byte[] bytes) {
        return decode(bytes, new TypeReference<List<Frozen>>() {});
    }

    /// Reads what a node did lately.
    ///
    /// @throws IllegalArgumentException if the bytes are something else
    static List<Sample> samples(byte[] bytes) {
        return decode(bytes, new TypeReference<List<Sample>>() {});
    }

    private static <T> List<T> decode(byte[] bytes, TypeReference<List<T>> type) {
        List<T> answers;
        try {
            answers = JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("no answer of a survey: " + e.getMessage(), e);
        }
        if (answers == null || answers.contains(null)) {
            throw new IllegalArgumentException("no answer of a survey: something is null");
        }
        return answers;
    }
}
