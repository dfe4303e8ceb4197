package io.holdfast.node.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a token, which is written as it was read, or refused.
class TokenFuzzTest {
    @FuzzTest
    void joinToken(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertEquals(text, JoinToken.parse(text).text());
        } catch (InvalidIdentityException refused) {
            return;
        }
    }

    @FuzzTest
    void userToken(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertEquals(text, UserToken.parse(text).text());
        } catch (InvalidIdentityException refused) {
            return;
        }
    }

    @FuzzTest
    void certificateRequest(byte[] bytes) {
        try {
            var _ = CertificateRequest.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (InvalidIdentityException refused) {
            return;
        }
    }
}
