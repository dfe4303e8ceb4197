package io.holdfast.node;

import java.util.Objects;

/// The version of this program, as the build wrote it into the jar.
final class Version {
    static final String TEXT =
            Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");

    private Version() {}
}
