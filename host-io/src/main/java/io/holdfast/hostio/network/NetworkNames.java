package io.holdfast.hostio.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// What the node of one state folder calls its network parts; interfaces have at most 15 letters.
///
/// @param tag eight hexadecimal digits
/// @param subnet which 1,024 addresses below 198.18.0.0/16 are its own: 0 to 62
record NetworkNames(String tag, int subnet) {
    static final Path NAMESPACES = Path.of("/run/netns");
    static final int SUBNET_COUNT = 63;
    static final int PREFIX_LENGTH = 22;
    static final int NUMBER_MIN = 2;
    static final int NUMBER_MAX = 1_022;

    static String tagOf(Path stateFolder) {
        CRC32C checksum = new CRC32C();
        checksum.update(stateFolder.toString().getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", checksum.getValue());
    }

    String bridge() {
        return "hf" + tag;
    }

    String namespacePrefix() {
        return "hf-" + tag + "-";
    }

    String namespace(int number) {
        return namespacePrefix() + number;
    }

    /// Those that there are at this moment.
    List<String> existingNamespaces() throws IOException {
        List<String> found = new ArrayList<>();
        if (Files.isDirectory(NAMESPACES)) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(NAMESPACES, namespacePrefix() + "*")) {
                files.forEach(file -> found.add(file.getFileName().toString()));
            }
        }
        return found;
    }

    String hostEnd(int number) {
        return "h" + tag + "n" + number;
    }

    String gateway() {
        return address(1);
    }

    String address(int number) {
        int low = subnet * 1_024 + number;
        return "198.18." + (low >> 8) + "." + (low & 0xff);
    }

    /// Derived from the address, so that whoever has the address next meets no stale neighbour entries.
    String hardwareAddress(int number) {
        int low = subnet * 1_024 + number;
        return String.format("02:48:c6:12:%02x:%02x", low >> 8, low & 0xff);
    }

    ContainerNetwork network(int number) {
        return new ContainerNetwork(
                number, namespace(number), NAMESPACES.resolve(namespace(number)), address(number));
    }
}
