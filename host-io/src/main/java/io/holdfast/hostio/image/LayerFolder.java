package io.holdfast.hostio.image;

import io.holdfast.hostio.nativeaccess.ErrorNumbers;
import io.holdfast.hostio.nativeaccess.OpenFolder;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A layer on its way to the disk, in the form that overlayfs reads. Nothing outside of it can be reached.
/// Confined to its user.
final class LayerFolder implements AutoCloseable {
    private static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";
    private static final byte[] YES = {'y'};
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int FOLDER_MODE = 0755;

    private final OpenFolder root;
    private final Set<LayerPath> whiteouts = new HashSet<>();
    private @Nullable OpenFolder parent;
    private LayerPath parentPath = new LayerPath(java.util.List.of());

    LayerFolder(Path folder) throws IOException {
        this.root = OpenFolder.root(folder);
    }

    /// The folder that something is in, made with those above it where they are missing. It stays open until
    /// another one is asked for.
    OpenFolder parentOf(LayerPath path) throws IOException {
        LayerPath wanted = path.parent();
        OpenFolder known = parent;
        if (known != null && wanted.equals(parentPath)) {
            return known;
        }
        forgetParent();
        OpenFolder opened = openOrMake(wanted);
        parent = opened;
        parentPath = wanted;
        return opened;
    }

    private OpenFolder openOrMake(LayerPath path) throws IOException {
        try {
            return root.descend(path.toString());
        } catch (SystemCallException refused) {
            boolean isHidden = refused.errno() == ErrorNumbers.ENOTDIR && whiteouts.contains(path);
            if (refused.errno() != ErrorNumbers.ENOENT && !isHidden) {
                throw refused;
            }
        }
        try (OpenFolder above = openOrMake(path.parent())) {
            makeFolder(above, path);
            above.setMode(path.name(), FOLDER_MODE);
            return above.descend(path.name());
        }
    }

    /// An existing folder, for a link's other end.
    OpenFolder existing(LayerPath path) throws IOException {
        return root.descend(path.toString());
    }

    private void forgetParent() {
        OpenFolder open = parent;
        parent = null;
        if (open != null) {
            open.close();
        }
    }

    /// Makes a folder, unless it is there; one that hides what lower layers have there goes on doing so.
    void makeFolder(OpenFolder in, LayerPath path) throws IOException {
        switch (in.kindOf(path.name())) {
            case FOLDER -> {}
            case ABSENT -> in.makeFolder(path.name());
            case OTHER -> {
                in.removeFile(path.name());
                in.makeFolder(path.name());
                if (whiteouts.remove(path)) {
                    in.setAttribute(path.name(), OPAQUE_ATTRIBUTE, YES);
                }
            }
        }
    }

    /// Makes room for something that is no folder: of two entries with one name the later one counts.
    void makeRoom(OpenFolder in, LayerPath path) throws IOException {
        switch (in.kindOf(path.name())) {
            case ABSENT -> {}
            case FOLDER -> {
                in.removeFolder(path.name());
                forgetParent();
            }
            case OTHER -> {
                in.removeFile(path.name());
                whiteouts.remove(path);
            }
        }
    }

    /// Hides what lower layers have under a name; what this layer has under it stays.
    void hide(LayerPath path) throws IOException {
        OpenFolder in = parentOf(path);
        switch (in.kindOf(path.name())) {
            case ABSENT -> {
                in.makeNode(path.name(), CHARACTER_DEVICE, 0, 0);
                whiteouts.add(path);
            }
            case FOLDER -> in.setAttribute(path.name(), OPAQUE_ATTRIBUTE, YES);
            case OTHER -> {}
        }
    }

    /// Hides what lower layers have in a folder.
    void hideAllIn(LayerPath folder) throws IOException {
        if (folder.isRoot()) {
            root.setAttribute(".", OPAQUE_ATTRIBUTE, YES);
            return;
        }
        OpenFolder in = parentOf(folder);
        makeFolder(in, folder);
        in.setAttribute(folder.name(), OPAQUE_ATTRIBUTE, YES);
    }

    @Override
    public void close() {
        forgetParent();
        root.close();
    }
}
