package io.holdfast.gridstate.snapshot;

/// The right to make snapshots of an application on hosts of a class; written
/// `tenant/application/kernel|features|criu`.
///
/// @param application of what
/// @param hostClass where
public record MakerKey(ApplicationKey application, HostClass hostClass) {
    /// Reads what [#toString()] writes.
    public static MakerKey parse(String text) {
        String[] parts = text.split("/", 3);
        String[] fields = parts.length == 3 ? parts[2].split("\\|", -1) : parts;
        if (parts.length != 3 || fields.length != 3) {
            throw new IllegalArgumentException("a maker is written tenant/application/kernel|features|criu");
        }
        return new MakerKey(
                new ApplicationKey(parts[0], parts[1]), new HostClass(fields[0], fields[1], fields[2]));
    }

    @Override
    public String toString() {
        return application + "/" + hostClass.label();
    }
}
