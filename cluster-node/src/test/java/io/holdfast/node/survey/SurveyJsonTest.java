package io.holdfast.node.survey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.node.http.port.StorageView.HostFinding;
import io.holdfast.node.http.port.StorageView.Latency;
import io.holdfast.node.http.port.StorageView.ServedVolume;
import io.holdfast.node.http.port.TrendView.Sample;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SurveyJsonTest {
    @Test
    void whatIsWrittenIsRead() {
        List<ServedVolume> figures = List.of(new ServedVolume(
                "db", 1, 2, 3, 4, 5, 6, 7, 8, new Latency(1, 2, 3, 4, 5, List.of(0L, 1L)),
                Latency.NONE, Latency.NONE));
        assertEquals(figures, SurveyJson.figures(SurveyJson.encode(figures)));
        List<HostFinding> findings = List.of(new HostFinding("runc", "ok", "1.1", "containers", ""));
        assertEquals(findings, SurveyJson.findings(SurveyJson.encode(findings)));
        List<Sample> samples = List.of(new Sample(1, 2, 3.5, 4, 5, 6, 7, 8));
        assertEquals(samples, SurveyJson.samples(SurveyJson.encode(samples)));
    }

    @Test
    void whatANewerNodeSaysBesideIsPassedOverAndAnOlderOneMaySayLess() {
        ServedVolume read =
                SurveyJson.figures("[{\"volume\":\"db\",\"colour\":\"red\"}]".getBytes(UTF_8)).getFirst();
        assertEquals("db", read.volume());
        assertEquals(Latency.NONE, read.flushLatency());
    }

    @Test
    void anyOtherBytesAreRefused() {
        for (String text : List.of("", "null", "{}", "[null]", "[1]", "[[]]", "[{\"reads\":\"many\"}]")) {
            byte[] bytes = text.getBytes(UTF_8);
            assertThrows(IllegalArgumentException.class, () -> SurveyJson.figures(bytes), text);
        }
        long seed = 20_261_121;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            assertThrows(
                    IllegalArgumentException.class, () -> SurveyJson.findings(bytes), "seed=" + seed);
        }
    }
}
