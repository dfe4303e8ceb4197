package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.FileBlockDevice;
import io.holdfast.hostio.testing.FixedExports;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// A process that serves one file on a unix socket until its standard input ends: the subject of
/// [NbdComparison] and of measurements by hand. Arguments: socket, file, and `platform` to carry slow
/// requests out on platform threads instead of virtual ones.
public final class NbdFileServer {
    private NbdFileServer() {}

    public static void main(String[] arguments) throws Exception {
        Path socket = Path.of(arguments[0]);
        Path file = Path.of(arguments[1]);
        boolean platform = arguments.length > 2 && arguments[2].equals("platform");
        Executor executor = platform
                ? Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory())
                : Executors.newVirtualThreadPerTaskExecutor();
        try (FileBlockDevice device = FileBlockDevice.open(file, BlockGeometry.DEFAULT, false);
                NbdServer server =
                        NbdServer.open(FixedExports.of(Export.of("", device)), NbdLimits.DEFAULT, executor)) {
            server.listen(socket, Optional.empty());
            while (System.in.read() >= 0) {
                System.out.println(server.readCounters());
            }
        }
    }
}
