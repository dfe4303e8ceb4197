package io.holdfast.hostio.container.linux;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.hostio.container.ContainerFile;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.network.ContainerNetwork;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The files that tell a container who it is.
final class Identity {
    static final String PATH = "/run/holdfast/identity.json";

    private static final int SEED_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Identity() {}

    /// What has to be in the root before the container goes on; the specification's own files win.
    static List<ContainerFile> files(ContainerSpec spec, ContainerNetwork network, int restoreCount) {
        String name = spec.id().value();
        List<ContainerFile> files = new ArrayList<>();
        byte[] seed = new byte[SEED_BYTES];
        RANDOM.nextBytes(seed);
        files.add(new ContainerFile(
                PATH,
                JsonNodeFactory.instance.objectNode()
                                .put("name", name)
                                .put("hostName", name)
                                .put("address", network.address())
                                .put("innerAddress", ContainerNetwork.INNER_ADDRESS)
                                .put("restoreCount", restoreCount)
                                .put("randomSeed", HexFormat.of().formatHex(seed))
                        + "\n"));
        files.add(new ContainerFile("/etc/hostname", name + "\n"));
        files.add(new ContainerFile(
                "/etc/hosts",
                "127.0.0.1\tlocalhost\n::1\tlocalhost\n" + ContainerNetwork.INNER_ADDRESS + "\t" + name
                        + "\n"));
        files.addAll(spec.files());
        return files;
    }
}
