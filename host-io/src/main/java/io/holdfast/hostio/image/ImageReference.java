package io.holdfast.hostio.image;

import io.holdfast.hostio.id.LayerDigest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where an image is, as people write it.
///
/// - `oci:/FOLDER[:NAME]`: a layout in a folder
/// - `oci-archive:/FILE[:NAME]`: the same in a tar file
/// - `HOST[:PORT]/PATH[:TAG|@DIGEST]`: a registry, by TLS unless the host is this machine
/// - `http://HOST[:PORT]/PATH[:TAG|@DIGEST]`: a registry without TLS
public sealed interface ImageReference {
    /// A layout in a folder of this machine.
    ///
    /// @param name of one of several images in it
    record Layout(Path folder, Optional<String> name) implements ImageReference {
        @Override
        public String toString() {
            return "oci:" + folder + name.map(text -> ":" + text).orElse("");
        }
    }

    /// A layout in a tar file of this machine.
    record Archive(Path file, Optional<String> name) implements ImageReference {
        @Override
        public String toString() {
            return "oci-archive:" + file + name.map(text -> ":" + text).orElse("");
        }
    }

    /// An image in a registry.
    ///
    /// @param host with its port, if it is not the usual one
    /// @param repository path within the registry
    /// @param selector a tag or a digest
    /// @param isPlain whether the registry is spoken to without TLS
    record Registry(String host, String repository, String selector, boolean isPlain)
            implements ImageReference {
        /// Whether it names the image's content rather than whatever has a tag now.
        public boolean isPinned() {
            return selector.contains(":");
        }

        @Override
        public String toString() {
            return (isPlain ? "http://" : "") + host + "/" + repository + (isPinned() ? "@" : ":") + selector;
        }
    }

    int CHARACTERS_MAX = 512;

    /// Bounds of the distribution specification.
    Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /// Hosts that have a dot or a port, or are this machine: a first part without one is no host.
    Pattern REGISTRY = Pattern.compile("(?<scheme>https?://)?"
            + "(?<host>localhost|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|[A-Za-z0-9.-]+(?=:[0-9])"
            + "|\\[[0-9a-fA-F:]+\\])"
            + "(?<port>:[0-9]{1,5})?/"
            + "(?<path>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
            + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
            + "(?:@(?<digest>sha(?:256|512):[0-9a-f]{64,128}))?");

    /// Reads what people write.
    ///
    /// @throws IllegalArgumentException if it is no reference
    static ImageReference parse(String text) {
        if (text.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException("too long for a reference: characters=" + text.length());
        }
        if (text.startsWith("oci:")) {
            return new Layout(pathOf(text.substring(4)), nameOf(text.substring(4)));
        }
        if (text.startsWith("oci-archive:")) {
            return new Archive(pathOf(text.substring(12)), nameOf(text.substring(12)));
        }
        return registry(text);
    }

    private static Registry registry(String text) {
        Matcher matcher = REGISTRY.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no image: " + text
                    + "; an image is oci:/FOLDER[:NAME], oci-archive:/FILE[:NAME] or"
                    + " HOST[:PORT]/PATH[:TAG|@DIGEST]");
        }
        String host = matcher.group("host");
        String scheme = matcher.group("scheme");
        String tag = matcher.group("tag");
        String digest = matcher.group("digest");
        String selector = digest != null ? new LayerDigest(digest).value() : tag != null ? tag : "latest";
        boolean isPlain = scheme == null ? isThisMachine(host) : scheme.equals("http://");
        String port = matcher.group("port");
        return new Registry(port == null ? host : host + port, matcher.group("path"), selector, isPlain);
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static int nameMark(String text) {
        return text.indexOf(':', text.lastIndexOf('/') + 1);
    }

    private static Path pathOf(String text) {
        int mark = nameMark(text);
        Path path = Path.of(mark < 0 ? text : text.substring(0, mark));
        if (!path.isAbsolute() || path.toString().contains(":")) {
            throw new IllegalArgumentException("a layout's path is absolute and without ':': path=" + path);
        }
        return path.normalize();
    }

    private static Optional<String> nameOf(String text) {
        int mark = nameMark(text);
        if (mark < 0) {
            return Optional.empty();
        }
        String name = text.substring(mark + 1);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of an image in a layout: name=" + name);
        }
        return Optional.of(name);
    }
}
