package io.holdfast.hostio.container;

/// What must be equal for a checkpoint to be restored: machines of one class exchange them.
///
/// @param kernel release, down to what decides about system call and memory layout
/// @param processor vendor and a digest of the features programs may have found
/// @param checkpointTool name and version
/// @param rootDigest of the files it started from; for a host alone `any`
public record CompatibilityClass(String kernel, String processor, String checkpointTool, String rootDigest) {
    /// Short text for a catalog key: equal exactly if the classes are.
    public String key() {
        return String.join("/", kernel, processor, checkpointTool, rootDigest);
    }

    /// The class of an application on a host of this class.
    public CompatibilityClass forRoot(String digest) {
        return new CompatibilityClass(kernel, processor, checkpointTool, digest);
    }
}
