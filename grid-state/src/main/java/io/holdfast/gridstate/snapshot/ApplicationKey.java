package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;

/// An application of a tenant; written `tenant/name`.
///
/// @param tenant whose it is
/// @param name unique for the tenant
public record ApplicationKey(String tenant, String name) {
    public ApplicationKey {
        Check.name("a tenant's name", tenant);
        Check.name("an application's name", name);
    }

    /// Reads what [#toString()] writes.
    public static ApplicationKey parse(String text) {
        String[] parts = text.split("/", 3);
        if (parts.length != 2) {
            throw new IllegalArgumentException("an application is written tenant/name");
        }
        return new ApplicationKey(parts[0], parts[1]);
    }

    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
