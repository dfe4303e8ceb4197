package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.snapshot.SnapshotKey;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The keys of tenants, derived from the cluster's storage key: whoever has one tenant's key can open
/// nothing of another's. Concurrent.
public final class TenantKeys {
    private static final byte[] NO_SALT = "holdfast snapshots".getBytes(UTF_8);
    private static final int KEY_BYTES = 32;

    private final Supplier<byte[]> storageKey;

    /// @param storageKey the cluster's; throws an `UnavailableException` while this node does not have it
    public TenantKeys(Supplier<byte[]> storageKey) {
        this.storageKey = storageKey;
    }

    /// The key under which one snapshot is sealed once: a salt makes it another one each time.
    SecretKey sealingKey(SnapshotKey key, byte[] salt) {
        SecretKey master = new SecretKeySpec(storageKey.get(), "Generic");
        SecretKey tenant = derive(master, NO_SALT, "tenant/" + key.application().tenant(), "Generic");
        return derive(tenant, salt, "snapshot/" + key, "AES");
    }

    private static SecretKey derive(SecretKey from, byte[] salt, String purpose, String algorithm) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(from)
                                    .addSalt(salt)
                                    .thenExpand(purpose.getBytes(UTF_8), KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 25 has HKDF with SHA-256", e);
        }
    }
}
