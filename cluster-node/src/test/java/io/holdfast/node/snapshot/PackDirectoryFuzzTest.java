package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Any bytes are the directory of a saved state or damaged.
class PackDirectoryFuzzTest {
    @FuzzTest
    void directory(byte[] bytes) throws IOException {
        try {
            for (PackForm form : PackForm.values()) {
                PackDirectory directory = PackDirectory.read(new ByteArrayInputStream(bytes), form);
                assertTrue(directory.packs().size() <= bytes.length);
            }
        } catch (SnapshotDamagedException refused) {
            return;
        }
    }
}
