package io.holdfast.hostio.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The tar stream of an image's layer in the making, sound or not. Confined to its test.
public final class LayerTar {
    /// 1 January 2024, as every entry has it.
    public static final long TIME_SECONDS = 1_704_067_200;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name());

    public LayerTar() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    public LayerTar file(String name, String content) {
        return file(name, content.getBytes(UTF_8), 0644);
    }

    public LayerTar file(String name, byte[] content, int mode) {
        return add(TarConstants.LF_NORMAL, name, content, entry -> entry.setMode(mode));
    }

    public LayerTar folder(String name) {
        return add(TarConstants.LF_DIR, name + "/", new byte[0], entry -> entry.setMode(0755));
    }

    public LayerTar link(String name, String target) {
        return add(TarConstants.LF_SYMLINK, name, new byte[0], entry -> entry.setLinkName(target));
    }

    public LayerTar hardLink(String name, String target) {
        return add(TarConstants.LF_LINK, name, new byte[0], entry -> entry.setLinkName(target));
    }

    public LayerTar device(String name, int major, int minor) {
        return add(TarConstants.LF_CHR, name, new byte[0], entry -> {
            entry.setDevMajor(major);
            entry.setDevMinor(minor);
        });
    }

    public LayerTar withAttributes(String name, String content, Map<String, String> attributes) {
        return add(TarConstants.LF_NORMAL, name, content.getBytes(UTF_8), entry ->
                attributes.forEach((key, value) -> entry.addPaxHeader("SCHILY.xattr." + key, value)));
    }

    /// Any entry.
    public LayerTar add(byte kind, String name, byte[] content, Consumer<TarArchiveEntry> change) {
        try {
            TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
            entry.setName(name);
            entry.setSize(content.length);
            entry.setModTime(TIME_SECONDS * 1_000);
            entry.setUserId(0);
            entry.setGroupId(0);
            change.accept(entry);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    public byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
