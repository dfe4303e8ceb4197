package io.holdfast.node.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Any text is a configuration or refused with what is wrong with it.
class NodeConfigFuzzTest {
    @FuzzTest
    void text(byte[] bytes) {
        try {
            var _ = NodeConfigFile.parse(new String(bytes, StandardCharsets.UTF_8), Path.of("/node.conf"));
        } catch (InvalidConfigException refused) {
            return;
        }
    }
}
