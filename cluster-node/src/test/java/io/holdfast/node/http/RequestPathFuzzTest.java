package io.holdfast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.holdfast.node.http.exchange.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Any target of a request is taken apart or refused with status 400.
class RequestPathFuzzTest {
    @FuzzTest
    void path(byte[] bytes) {
        try {
            List<String> segments = RequestPath.segments(text(bytes));
            assertTrue(segments.size() <= 16);
        } catch (ProblemException refused) {
            assertEquals(400, refused.problem().status());
        }
    }

    @FuzzTest
    void query(byte[] bytes) {
        try {
            Map<String, List<String>> parameters = RequestPath.query(text(bytes));
            assertTrue(parameters.size() <= 64);
        } catch (ProblemException refused) {
            assertEquals(400, refused.problem().status());
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
