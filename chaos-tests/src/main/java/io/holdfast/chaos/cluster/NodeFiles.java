package io.holdfast.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files of one node: configuration, data, output. Immutable.
record NodeFiles(Path folder) {
    Path config() {
        return folder.resolve("node.conf");
    }

    Path output() {
        return folder.resolve("output.log");
    }

    Path clock() {
        return folder.resolve("clock");
    }

    /// Where block devices are served on this host; below a short path, because the kernel takes no long one,
    /// on a file system that only the sandbox sees.
    Path nbdSocket() {
        return Path.of("/run", folder.getFileName() + ".nbd");
    }

    void write(NodePlace place, List<String> settings) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(List.of(
                "name = " + place.name(),
                "zone = " + place.name(),
                "data.dir = data",
                "heap.max = 256MiB",
                "listen.host = " + place.host(),
                "advertised.host = " + place.host(),
                "port.api = " + place.portBase(),
                "port.peer = " + place.peerPort(),
                "port.raft = " + place.raftPort(),
                "port.grid = " + place.gridPort(),
                "port.data = " + place.dataPort(),
                "port.nbd = " + place.nbdPort(),
                "nbd.socket = " + nbdSocket()));
        lines.addAll(settings);
        Files.write(config(), lines);
    }
}
