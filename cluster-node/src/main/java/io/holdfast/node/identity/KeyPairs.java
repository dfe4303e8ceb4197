package io.holdfast.node.identity;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/// Tells whether a public and a private key are one pair.
public final class KeyPairs {
    private static final byte[] PROBE = {'h', 'o', 'l', 'd', 'f', 'a', 's', 't'};

    private KeyPairs() {}

    public static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        try {
            Signature signer = Signature.getInstance(CertificateRequest.SIGNATURE);
            signer.initSign(privateKey);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(CertificateRequest.SIGNATURE);
            verifier.initVerify(publicKey);
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
