package io.holdfast.node.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RenderingTest {
    private static final String ROWS = """
            [{"name":"a","addresses":{"api":"h:1"},"tags":["x","y"],"count":7},
             {"name":"longer-name","addresses":{},"tags":[],"count":null}]
            """;

    @Test
    void aTableIsAlignedAndWhatIsAbsentIsADash() throws Exception {
        List<Column> columns = Column.of("name", "addresses/api", "tags", "count");
        assertEquals(
                """
                NAME         API  TAGS  COUNT
                a            h:1  x,y   7
                longer-name  -    -     -
                """,
                Rendering.list(OutputFormat.TABLE, columns, read(ROWS)));
    }

    @Test
    void columnsOfUnknownRowsAreTheirPlainFields() throws Exception {
        assertEquals(Column.of("name", "count"), Column.ofRows(read(ROWS)));
        assertEquals("CERTIFICATE-SERIAL", Column.of("certificateSerial").getFirst().heading());
    }

    @Test
    void aColumnMayHaveANameOfItsOwnAndTimesAreShownAsTimes() throws Exception {
        List<Column> columns = Column.of("name:key", "joinedMillis", "keepMillis");
        assertEquals(
                """
                NAME  JOINED                KEEP
                a     2026-11-21T11:39:32Z  5000
                """,
                Rendering.list(
                        OutputFormat.TABLE,
                        columns,
                        read("[{\"key\":\"a\",\"joinedMillis\":1795261172253,\"keepMillis\":5000}]")));
    }

    @Test
    void whatStandsWithinAnObjectIsNamedByItsPath() throws Exception {
        String item = "{\"name\":\"a\",\"addresses\":{\"api\":\"h:1\"},\"joinedMillis\":1795261172253}";
        assertEquals(
                """
                name           a
                addresses.api  h:1
                joined         2026-11-21T11:39:32Z
                """,
                Rendering.single(OutputFormat.TABLE, read(item)));
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() throws Exception {
        String text = Rendering.single(OutputFormat.TABLE, read("{\"name\":\"a\\u001b[31mb\\nc\"}"));
        assertEquals("name  a [31mb c\n", text);
    }

    @Test
    void jsonAndYamlAreTheDocumentItself() throws Exception {
        JsonNode document = read("{\"a\":[1,\"yes\"]}");
        assertEquals(document, read(Rendering.single(OutputFormat.JSON, document)));
        assertEquals("a:\n- 1\n- \"yes\"\n", Rendering.single(OutputFormat.YAML, document));
    }

    private static JsonNode read(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
