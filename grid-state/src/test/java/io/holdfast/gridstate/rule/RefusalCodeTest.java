package io.holdfast.gridstate.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RefusalCodeTest {
    /// Clients know these names: new ones are added at the end, none is changed.
    @Test
    void problemCodesAreStable() {
        assertEquals(
                List.of(
                        "invalid",
                        "not-found",
                        "exists",
                        "version-mismatch",
                        "quota-exceeded",
                        "fenced",
                        "in-use",
                        "expired",
                        "forbidden-state",
                        "held",
                        "unsupported-level"),
                Arrays.stream(RefusalCode.values()).map(RefusalCode::problemCode).toList());
    }
}
