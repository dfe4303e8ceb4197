package io.holdfast.chaos.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void whatIsWrittenCanBeReadAgain() throws Exception {
        Json value = Json.object()
                .put("text", "a \"quoted\" \\ line\nand <b> \u0001 ü")
                .put("number", -12L)
                .put("fraction", 1.5)
                .put("flag", true)
                .put("list", List.of(Json.of(1L), Json.object().build(), Json.texts(List.of())))
                .build();
        assertEquals(value, Json.parse(value.write()));
    }

    @Test
    void membersAreFoundByName() throws Exception {
        Json value = Json.parse(" { \"a\" : [ 1 , 2.5e3 , null , false ] , \"b\" : \"\\u00e4\\/\" } ");
        assertEquals(4, value.items("a").size());
        assertEquals("ä/", value.text("b"));
        assertThrows(InvalidJsonException.class, () -> value.number("b"));
        assertThrows(InvalidJsonException.class, () -> value.text("c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\"}", "{\"a\":}", "01", "1.", "\"\\x\"", "\"\\u12\"",
            "tru", "1 2",
        "[1 2]", "\"\n\"", "{,}", "[,1]", "'a'"})
    void whatIsNoJsonIsRefused(String text) {
        assertThrows(InvalidJsonException.class, () -> Json.parse(text));
    }

    @Test
    void deepNestingIsRefusedNotOverflowing() {
        assertThrows(InvalidJsonException.class, () -> Json.parse("[".repeat(100_000)));
    }

    @Test
    void arbitraryTextIsReadOrRefused() {
        long seed = 20260104;
        SplittableRandom random = new SplittableRandom(seed);
        String alphabet = "{}[]\",:\\u0019eE+-.truefalsn \n";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Json value = Json.parse(text.toString());
                assertEquals(value, Json.parse(value.write()), "seed=" + seed + ", round=" + round);
            } catch (InvalidJsonException e) {
                // Refused, as most of these must be.
                assertTrue(e.toString().contains("invalid JSON"), e.toString());
            }
        }
    }
}
