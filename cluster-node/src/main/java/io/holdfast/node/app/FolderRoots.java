package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Root;
import io.holdfast.hostio.container.RootFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Roots that are folders of this host; images are left to another. A folder is named by the digest of what
/// lies in it: names, kinds, sizes and the targets of links, not times, so that copies on several hosts are
/// one. Contents are not read: a root is not changed in place. Concurrent; remembers each folder's digest
/// until the folder's own time changes.
public final class FolderRoots implements Roots {
    private static final int ENTRIES_MAX = 2_000_000;

    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    private final Roots images;

    /// @param images finds the others
    public FolderRoots(Roots images) {
        this.images = images;
    }

    private record Known(long modifiedMillis, String digest) {}

    @Override
    public ResolvedRoot resolve(Root root) throws StartFailedException {
        return switch (root) {
            case Root.Folder folder -> ResolvedRoot.plain(
                    RootFileSystem.of(digestOf(Path.of(folder.path())), Path.of(folder.path())));
            case Root.Image image -> images.resolve(image);
            case Root.Group group -> groupOf(group);
        };
    }

    private ResolvedRoot groupOf(Root.Group group) throws StartFailedException {
        List<ResolvedRoot> members = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (GroupMember member : group.members()) {
            ResolvedRoot resolved = resolve(member.root());
            members.add(resolved);
            names.append(member.name()).append('=').append(resolved.files().digest()).append('\n');
        }
        return ResolvedRoot.group("group:" + sha256(names.toString()), members);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String digestOf(Path folder) throws StartFailedException {
        try {
            long modified = Files.getLastModifiedTime(folder).toMillis();
            Known before = known.get(folder);
            if (before != null && before.modifiedMillis() == modified) {
                return before.digest();
            }
            String digest = digest(folder);
            known.put(folder, new Known(modified, digest));
            return digest;
        } catch (IOException | UncheckedIOException failure) {
            throw new StartFailedException(
                    "this node does not have the root: folder=" + folder + " reason=" + failure.getMessage(),
                            failure);
        }
    }

    private static String digest(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                lines.add("d " + folder.relativize(each));
                return next();
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                String name = folder.relativize(each).toString();
                if (attributes.isSymbolicLink()) {
                    lines.add("l " + name + " " + Files.readSymbolicLink(each));
                } else {
                    lines.add((attributes.isRegularFile() ? "f " : "o ") + name + " " + attributes.size());
                }
                return next();
            }

            private FileVisitResult next() {
                return lines.size() > ENTRIES_MAX ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
        });
        if (lines.size() > ENTRIES_MAX || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("no root: entries=" + lines.size());
        }
        Collections.sort(lines);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                sha256.update(line.getBytes(UTF_8));
                sha256.update((byte) 0);
            }
            return "sha256:" + HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
