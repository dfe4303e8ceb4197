package io.holdfast.hostio.container.linux;

import java.nio.file.Path;

/// What a runtime is opened with.
///
/// @param stateFolder all it has on disk; a real path
/// @param toolFolder searched for `criu` before the usual places
/// @param readyNetworkCount how many network namespaces are kept ready
public record RuntimeOptions(Path stateFolder, Path toolFolder, int readyNetworkCount) {
    private static final Path TOOLS = Path.of("/opt/holdfast/sbin");
    private static final int READY_NETWORKS = 4;

    public RuntimeOptions {
        if (!stateFolder.isAbsolute() || readyNetworkCount < 0 || readyNetworkCount > 500) {
            throw new IllegalArgumentException(
                    "a runtime needs an absolute folder and a pool of 0 to 500: stateFolder="
                    + stateFolder + " readyNetworkCount=" + readyNetworkCount);
        }
    }

    public static RuntimeOptions in(Path stateFolder) {
        return new RuntimeOptions(stateFolder, TOOLS, READY_NETWORKS);
    }
}
