package io.holdfast.node.testing;

import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.app.VolumeMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Volumes that are plain folders. Concurrent.
public final class FakeVolumeMounts implements VolumeMounts {
    private final Path folder;
    private final Map<String, String> users = new ConcurrentHashMap<>();

    FakeVolumeMounts(Path folder) {
        this.folder = folder;
    }

    @Override
    public Path mount(Wish wish) throws StartFailedException {
        String before = users.putIfAbsent(wish.volume(), wish.user());
        if (before != null && !before.equals(wish.user())) {
            throw new StartFailedException("mounted for another: volume=" + wish.volume());
        }
        try {
            return Files.createDirectories(folder.resolve(wish.volume()));
        } catch (IOException failure) {
            throw new StartFailedException(String.valueOf(failure.getMessage()), failure);
        }
    }

    @Override
    public void release(String user) {
        users.values().removeIf(user::equals);
    }

    @Override
    public void recover() {
        users.clear();
    }

    /// Who has which volume.
    public Map<String, String> users() {
        return Map.copyOf(users);
    }
}
