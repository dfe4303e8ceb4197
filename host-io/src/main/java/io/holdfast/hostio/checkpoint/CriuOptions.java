package io.holdfast.hostio.checkpoint;

import io.holdfast.hostio.nativeaccess.Descriptor;
import java.nio.file.Path;
import java.util.List;

/// The options of a CRIU request (`criu_opts` in CRIU's `images/rpc.proto`). Confined to its caller.
final class CriuOptions {
    private static final int LOG_ERRORS_AND_WARNINGS = 2;
    private static final int NETWORK_LOCK_SKIP = 3;
    private static final int CGROUPS_IGNORE = 0;

    private final ProtobufWriter writer = new ProtobufWriter();

    ProtobufWriter writer() {
        return writer;
    }

    CriuOptions folders(Descriptor images, Descriptor work, String logName) {
        writer.number(1, images.number());
        writer.number(17, work.number());
        writer.number(9, LOG_ERRORS_AND_WARNINGS);
        writer.text(10, logName);
        writer.flag(12, true); // notify_scripts
        // The tool joins the target's cgroup itself, so there is nothing for it to manage.
        writer.number(34, CGROUPS_IGNORE);
        // The tree stands still, and nobody else is in its network namespace: nothing has to be locked.
        writer.number(64, NETWORK_LOCK_SKIP);
        writer.flag(8, true); // file_locks
        return this;
    }

    /// Always: those with both ends inside have to be kept, and the others were looked for before.
    CriuOptions connections() {
        writer.flag(5, true); // tcp_established
        return this;
    }

    CriuOptions externals(List<String> externals) {
        externals.forEach(external -> writer.text(37, external));
        return this;
    }

    CriuOptions dumping(long pid, Path freezer, int ghostBytesMax) {
        writer.number(2, pid);
        writer.flag(3, true); // leave_running
        writer.number(35, ghostBytesMax);
        writer.flag(18, true); // link_remap
        writer.text(44, freezer.toString());
        return this;
    }

    /// What may come later is left to the daemon that waits in the work folder ([MemoryFill]).
    CriuOptions gradually(boolean isGradual) {
        if (isGradual) {
            writer.flag(48, true); // lazy_pages
        }
        return this;
    }

    CriuOptions restoring(Path root, List<String> inheritedNames) {
        writer.text(13, root.toString());
        writer.flag(26, true); // rst_sibling
        for (int index = 0; index < inheritedNames.size(); index++) {
            writer.message(27, new ProtobufWriter()
                    .text(1, inheritedNames.get(index))
                    .number(2, CriuProcess.FIRST_INHERITED + index));
        }
        return this;
    }
}
