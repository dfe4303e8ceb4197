package io.holdfast.node.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPairsTest {
    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1"})
    void aPairBelongsTogetherAndTwoHalvesOfDifferentPairsDoNot(String curve) throws Exception {
        for (int i = 0; i < 20; i++) {
            KeyPair one = pair(curve);
            KeyPair other = pair(curve);
            assertTrue(KeyPairs.belongTogether(one.getPublic(), one.getPrivate()));
            assertFalse(KeyPairs.belongTogether(one.getPublic(), other.getPrivate()));
        }
    }

    @Test
    void keysOfDifferentCurvesAreNoPair() throws Exception {
        assertFalse(
                KeyPairs.belongTogether(pair("secp256r1").getPublic(), pair("secp384r1").getPrivate()));
    }

    private static KeyPair pair(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }
}
