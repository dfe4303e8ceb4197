package io.holdfast.hostio.container;

/// A small text file put into a container's root.
///
/// @param path absolute, within the container; what is there is replaced, never followed
public record ContainerFile(String path, String content) {
    private static final int CONTENT_CHARACTERS_MAX = 64 * 1024;

    public ContainerFile {
        if (!path.matches("(/[^/\0]+)+") || path.matches(".*/\\.\\.?(/.*)?")
                || content.length() > CONTENT_CHARACTERS_MAX) {
            throw new IllegalArgumentException(
                    "a file needs a plain absolute path and at most 64 Ki characters:"
                    + " path=" + path + " characters=" + content.length());
        }
    }
}
