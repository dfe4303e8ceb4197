package io.holdfast.hostio.image;

import java.util.Locale;

/// What programs run on, in Go's words, as image indexes use them.
///
/// @param system such as `linux`
/// @param architecture such as `amd64`
/// @param variant of the architecture, such as `v8`; empty for none
public record Platform(String system, String architecture, String variant) {
    /// This machine.
    public static Platform here() {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return new Platform("linux", switch (architecture) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> architecture;
        }, "");
    }

    /// Whether programs for the other one run on this one.
    boolean runs(Platform other) {
        boolean isVariantKnown =
                variant.isEmpty() || other.variant.isEmpty() || variant.equals(other.variant);
        return system.equals(other.system) && architecture.equals(other.architecture) && isVariantKnown;
    }

    @Override
    public String toString() {
        return system + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
