package io.holdfast.hostio.mount;

import io.holdfast.hostio.nativeaccess.ErrorNumbers;
import io.holdfast.hostio.nativeaccess.MountCalls;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// The kinds of mounts that containers are made of. None of them has device files or set-user-id in force.
public final class Mounts {
    private static final long CONFINED = MountCalls.MS_NODEV | MountCalls.MS_NOSUID;

    /// `mount(2)` takes one page of options.
    private static final int OPTION_CHARACTERS_MAX = 4_000;

    /// A process that is being started has this one's descriptors until it becomes another program, and keeps
    /// busy what they are on.
    private static final long BUSY_NANOS_MAX = 1_000_000_000L;

    private static final long BUSY_STEP_NANOS = 5_000_000L;

    private Mounts() {}

    /// Layers united, changes going to `upper`.
    ///
    /// @param lowers read-only, the topmost first
    public static void overlay(List<Path> lowers, Path upper, Path work, Path target) throws IOException {
        String options = "lowerdir=" + joined(lowers) + ",upperdir=" + escaped(upper) + ",workdir="
                + escaped(work) + ",index=off,metacopy=off";
        requireShort(options, lowers);
        MountCalls.mount("overlay", target, "overlay", CONFINED, options);
    }

    /// Layers united, without changes.
    public static void overlayReadOnly(List<Path> lowers, Path target) throws IOException {
        String options = "lowerdir=" + joined(lowers);
        requireShort(options, lowers);
        MountCalls.mount("overlay", target, "overlay", CONFINED | MountCalls.MS_RDONLY, options);
    }

    /// Files in memory, at most this many bytes.
    public static void memory(Path target, long bytesMax, String mode) throws SystemCallException {
        MountCalls.mount(
                "tmpfs",
                target,
                "tmpfs",
                CONFINED | MountCalls.MS_NOEXEC,
                "size=" + bytesMax + ",mode=" + mode);
    }

    /// Files in memory among which device files are in force: a few only, made by us.
    public static void memoryForDevices(Path target) throws SystemCallException {
        MountCalls.mount("tmpfs", target, "tmpfs", MountCalls.MS_NOSUID | MountCalls.MS_NOEXEC,
                "size=64k,nr_inodes=64,mode=755");
    }

    /// A folder shown at another place.
    public static void bind(Path source, Path target, boolean isReadOnly) throws SystemCallException {
        MountCalls.mount(source.toString(), target, "none", MountCalls.MS_BIND, "");
        remount(target, CONFINED | (isReadOnly ? MountCalls.MS_RDONLY : 0));
    }

    /// Makes device files in memory read-only, or an empty folder.
    public static void makeReadOnly(Path target) throws SystemCallException {
        remount(target, MountCalls.MS_NOSUID | MountCalls.MS_NOEXEC | MountCalls.MS_RDONLY);
    }

    private static void remount(Path target, long flags) throws SystemCallException {
        MountCalls.mount("none", target, "none", MountCalls.MS_REMOUNT | MountCalls.MS_BIND | flags, "");
    }

    /// Unmounts everything at and below a folder, the deepest first. Others may do the same at the same
    /// time. What is busy is waited for, up to a second each.
    ///
    /// @throws IOException if something stays mounted
    public static void unmountBelow(Path folder) throws IOException {
        for (List<Path> points = MountTable.read().below(folder);
                !points.isEmpty();
                points = MountTable.read().below(folder)) {
            for (Path point : points) {
                unmountIfMounted(point);
            }
        }
    }

    private static void unmountIfMounted(Path point) throws IOException {
        long begin = System.nanoTime();
        while (!isUnmounted(point, System.nanoTime() - begin < BUSY_NANOS_MAX)) {
            LockSupport.parkNanos(BUSY_STEP_NANOS);
        }
    }

    private static boolean isUnmounted(Path point, boolean mayBeBusy) throws IOException {
        try {
            MountCalls.unmount(point);
            return true;
        } catch (SystemCallException refused) {
            if (refused.errno() == ErrorNumbers.EBUSY && mayBeBusy) {
                return false;
            }
            boolean isGone = refused.errno() == ErrorNumbers.EINVAL || refused.errno() == ErrorNumbers.ENOENT;
            if (!isGone || MountTable.read().isMountPoint(point)) {
                throw refused;
            }
            return true;
        }
    }

    private static String joined(List<Path> lowers) {
        return lowers.stream().map(Mounts::escaped).collect(Collectors.joining(":"));
    }

    /// Colons and commas separate in the options of overlayfs.
    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
    }

    private static void requireShort(String options, List<Path> lowers) throws IOException {
        if (options.length() > OPTION_CHARACTERS_MAX) {
            throw new IOException("too many layers for one mount: layers=" + lowers.size() + " characters="
                    + options.length() + " charactersMax=" + OPTION_CHARACTERS_MAX);
        }
    }
}
