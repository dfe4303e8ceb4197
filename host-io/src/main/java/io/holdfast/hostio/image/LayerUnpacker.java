package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.TOO_LARGE;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.nativeaccess.ErrorNumbers;
import io.holdfast.hostio.nativeaccess.OpenFolder;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/// Makes the files of a layer out of its tar stream. Confined to its user, for one layer.
final class LayerUnpacker {
    private static final int PIPE = 0010000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int PERMISSIONS = 07777;
    private static final int BUFFER_BYTES = 128 << 10;
    private static final long OWNER_MAX = 0xFFFF_FFFEL;
    private static final String ATTRIBUTE_PREFIX = "SCHILY.xattr.";

    /// `null`, `zero`, `full`, `random`, `urandom`, `tty`, `console`, `ptmx`.
    private static final Set<String> HARMLESS_DEVICES =
            Set.of("1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2");

    private final UnpackLimits limits;
    private final String what;
    private final Map<LayerPath, Instant> folderTimes = new LinkedHashMap<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long writtenBytes;

    /// What became of a layer.
    ///
    /// @param bytes of its files
    record Unpacked(int entryCount, long bytes) {}

    /// @param what the layer is called in messages
    LayerUnpacker(UnpackLimits limits, String what) {
        this.limits = limits;
        this.what = what;
    }

    /// Unpacks into an empty folder.
    ///
    /// @throws ImageException naming the entry that stands in the way
    Unpacked unpack(InputStream bytes, Path folder) throws IOException {
        try (LayerFolder layer = new LayerFolder(folder);
                TarEntries entries = new TarEntries(bytes, what, limits.entryCountMax())) {
            for (TarArchiveEntry entry = entries.next(); entry != null; entry = entries.next()) {
                try {
                    unpack(layer, entry, entries.content());
                } catch (ImageException refused) {
                    throw new ImageException(refused.kind(), place(entry) + refused.getMessage(), refused);
                } catch (SystemCallException refused) {
                    throw failed(entry, refused);
                } catch (IOException refused) {
                    throw new IOException(place(entry) + refused.getMessage(), refused);
                }
            }
            setFolderTimes(layer);
            return new Unpacked(entries.count(), writtenBytes);
        }
    }

    /// Whether it is the image's fault or this machine's.
    private IOException failed(TarArchiveEntry entry, SystemCallException refused) {
        return switch (refused.errno()) {
            case ErrorNumbers.ENOENT, ErrorNumbers.EEXIST, ErrorNumbers.ENOTDIR, ErrorNumbers.EINVAL,
                            ErrorNumbers.ENOTEMPTY, ErrorNumbers.ELOOP, ErrorNumbers.ENAMETOOLONG,
                            ErrorNumbers.EXDEV ->
                new ImageException(
                        ImageException.Kind.INVALID, place(entry) + refused.getMessage(), refused);
            default -> new IOException(place(entry) + refused.getMessage(), refused);
        };
    }

    private String place(TarArchiveEntry entry) {
        return "layer=" + what + " entry=" + entry.getName().replaceAll("\\p{Cntrl}", "?") + ": ";
    }

    private void unpack(LayerFolder layer, TarArchiveEntry entry, InputStream content) throws IOException {
        LayerPath path = LayerPath.parse(entry.getName());
        switch (path.meaning()) {
            case ENTRY -> make(layer, path, entry, content);
            case WHITEOUT -> layer.hide(path.hidden());
            case OPAQUE -> layer.hideAllIn(path.parent());
            case RESERVED -> {}
        }
    }

    private void make(LayerFolder layer, LayerPath path, TarArchiveEntry entry, InputStream content)
            throws IOException {
        OpenFolder in = layer.parentOf(path);
        if (entry.isLink()) {
            makeHardLink(layer, path, entry);
            return;
        }
        boolean isFolder = entry.isDirectory();
        if (path.isRoot() && !isFolder) {
            throw ImageException.invalid("the root of a layer is a folder");
        }
        if (isFolder) {
            if (!path.isRoot()) {
                layer.makeFolder(in, path);
            }
        } else {
            layer.makeRoom(in, path);
            in = layer.parentOf(path);
            makeFile(in, path.name(), entry, content);
        }
        dress(in, path, entry);
    }

    private void makeFile(OpenFolder in, String name, TarArchiveEntry entry, InputStream content)
            throws IOException {
        if (entry.isSymbolicLink()) {
            in.makeLink(name, linkName(entry));
        } else if (entry.isFIFO()) {
            in.makeNode(name, PIPE | 0600, 0, 0);
        } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
            makeDevice(in, name, entry);
        } else if (entry.isFile()) {
            write(in, name, content);
        } else {
            throw ImageException.invalid("an entry of an unknown kind: kind=" + (int) entry.getLinkFlag());
        }
    }

    private static String linkName(TarArchiveEntry entry) throws ImageException {
        String target = entry.getLinkName();
        if (target.isEmpty() || target.indexOf('\0') >= 0 || target.indexOf('\uFFFD') >= 0) {
            throw ImageException.invalid("a link to nothing, or to a name that is not UTF-8");
        }
        return target;
    }

    private static void makeDevice(OpenFolder in, String name, TarArchiveEntry entry) throws IOException {
        String number = entry.getDevMajor() + ":" + entry.getDevMinor();
        if (entry.isBlockDevice() || !HARMLESS_DEVICES.contains(number)) {
            throw ImageException.invalid("a device file that no image needs: device=" + number);
        }
        in.makeNode(name, CHARACTER_DEVICE | 0600, entry.getDevMajor(), entry.getDevMinor());
    }

    private void write(OpenFolder in, String name, InputStream content) throws IOException {
        try (Descriptor file = in.createFile(name);
                OutputStream out = new FileOutputStream(file.path().toString())) {
            for (int read = read(content); read >= 0; read = read(content)) {
                writtenBytes += read;
                if (writtenBytes > limits.bytesMax()) {
                    throw new ImageException(
                            TOO_LARGE, "the layer is too large unpacked: bytesMax=" + limits.bytesMax());
                }
                out.write(buffer, 0, read);
            }
        }
    }

    private int read(InputStream content) throws ImageException {
        try {
            return content.read(buffer);
        } catch (ImageException known) {
            throw known;
        } catch (IOException malformed) {
            throw new ImageException(
                    ImageException.Kind.INVALID, "cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    private static void makeHardLink(LayerFolder layer, LayerPath path, TarArchiveEntry entry)
            throws IOException {
        LayerPath target = LayerPath.parse(entry.getLinkName());
        if (target.isRoot() || path.isRoot()) {
            throw ImageException.invalid("a hard link to a folder");
        }
        if (target.equals(path)) {
            return;
        }
        try (OpenFolder folder = layer.existing(target.parent())) {
            if (folder.kindOf(target.name()) != OpenFolder.Kind.OTHER) {
                throw ImageException.invalid("a hard link to what is not in the layer: target=" + target);
            }
            layer.makeRoom(layer.parentOf(path), path);
            layer.parentOf(path).makeHardLink(path.name(), folder, target.name());
        }
    }

    /// Owner before mode, because changing the owner takes set-user-id away; folders' times last of all.
    private void dress(OpenFolder in, LayerPath path, TarArchiveEntry entry) throws IOException {
        String name = path.name();
        in.setOwner(name, ownerOf(entry.getLongUserId()), ownerOf(entry.getLongGroupId()));
        if (!entry.isSymbolicLink()) {
            in.setMode(name, entry.getMode() & PERMISSIONS);
        }
        setAttributes(in, name, entry);
        Instant time = entry.getLastModifiedTime().toInstant();
        if (entry.isDirectory()) {
            folderTimes.put(path, time);
        } else {
            in.setTime(name, time);
        }
    }

    private static int ownerOf(long number) throws ImageException {
        if (number < 0 || number > OWNER_MAX) {
            throw ImageException.invalid("no number of a user or group: number=" + number);
        }
        return (int) number;
    }

    private static void setAttributes(OpenFolder in, String name, TarArchiveEntry entry) throws IOException {
        for (Map.Entry<String, String> header : entry.getExtraPaxHeaders().entrySet()) {
            if (header.getKey().startsWith(ATTRIBUTE_PREFIX)) {
                String attribute = header.getKey().substring(ATTRIBUTE_PREFIX.length());
                boolean isKept = attribute.startsWith("user.") && !attribute.startsWith("user.overlay.");
                if (isKept) {
                    in.setAttribute(name, attribute, header.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private void setFolderTimes(LayerFolder layer) throws IOException {
        for (Map.Entry<LayerPath, Instant> each : folderTimes.entrySet()) {
            LayerPath path = each.getKey();
            OpenFolder in = layer.parentOf(path);
            boolean isStillFolder = in.kindOf(path.name()) == OpenFolder.Kind.FOLDER;
            if (isStillFolder) {
                in.setTime(path.name(), each.getValue());
            }
        }
    }
}
