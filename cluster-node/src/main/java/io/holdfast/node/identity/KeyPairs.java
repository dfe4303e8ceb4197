package io.holdfast.node.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;

/// Tells whether a public and a private key are one pair. Any thread.
///
/// Keys on P-256, as all of this cluster's are, agree on a secret with the pair whose private key is 2: that
/// takes milliseconds. A signature takes a quarter of a second in a process that just started, because the
/// JDK then makes a table of multiples of the curve's generator; [#prepare] has it made beside the start.
public final class KeyPairs {
    private static final byte[] PROBE = {'h', 'o', 'l', 'd', 'f', 'a', 's', 't'};
    private static final String EC = "EC";
    private static final String P_256 = "secp256r1";

    /// The generator of P-256 (SP 800-186, section 3.2.1.3), by which the curve is told.
    private static final ECPoint GENERATOR = point(
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

    private static final ECPoint TWICE_GENERATOR = point(
            "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
            "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1");

    private KeyPairs() {}

    public static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        try {
            if (publicKey instanceof ECPublicKey point && privateKey instanceof ECPrivateKey number
                    && isOnP256(point.getParams()) && isOnP256(number.getParams())) {
                return agree(point, number);
            }
            return verifies(publicKey, privateKey);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Makes what the first signature of a process needs, so that it need not wait for it.
    public static void prepare() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(EC);
            generator.initialize(new ECGenParameterSpec(P_256));
            var _ = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    private static ECPoint point(String x, String y) {
        return new ECPoint(new BigInteger(x, 16), new BigInteger(y, 16));
    }

    private static boolean isOnP256(ECParameterSpec curve) {
        return curve.getGenerator().equals(GENERATOR);
    }

    /// The x of `number * 2G` and of `2 * point` are the same.
    private static boolean agree(ECPublicKey point, ECPrivateKey number) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance(EC);
        ECParameterSpec curve = point.getParams();
        PublicKey twiceGenerator = keys.generatePublic(new ECPublicKeySpec(TWICE_GENERATOR, curve));
        PrivateKey two = keys.generatePrivate(new ECPrivateKeySpec(BigInteger.TWO, curve));
        return MessageDigest.isEqual(secret(number, twiceGenerator), secret(two, point));
    }

    private static byte[] secret(PrivateKey ours, PublicKey theirs) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(ours);
        var _ = agreement.doPhase(theirs, true);
        return agreement.generateSecret();
    }

    /// The one verifies what the other signs.
    private static boolean verifies(PublicKey publicKey, PrivateKey privateKey)
            throws GeneralSecurityException {
        Signature signer = Signature.getInstance(CertificateRequest.SIGNATURE);
        signer.initSign(privateKey);
        signer.update(PROBE);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(CertificateRequest.SIGNATURE);
        verifier.initVerify(publicKey);
        verifier.update(PROBE);
        return verifier.verify(signature);
    }
}
