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
        return derive(tenantKey(key.application().tenant()), salt, "snapshot/" + key, "AES");
    }

    /// The key of a pack's pages, which other snapshots of the tenant may use.
    SecretKey packKey(String tenant, byte[] salt) {
        return derive(tenantKey(tenant), salt, "pages", "AES");
    }

    /// What the names of a tenant's pages are made with.
    byte[] pageNameKey(String tenant) {
        return derive(tenantKey(tenant), NO_SALT, "page names", "Generic").getEncoded();
    }

    private SecretKey tenantKey(String tenant) {
        SecretKey master = new SecretKeySpec(storageKey.get(), "Generic");
        return derive(master, NO_SALT, "tenant/" + tenant, "Generic");
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
