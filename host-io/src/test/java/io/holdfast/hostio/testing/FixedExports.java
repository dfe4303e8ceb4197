package io.holdfast.hostio.testing;

import io.holdfast.hostio.nbd.Export;
import io.holdfast.hostio.nbd.ExportRefusedException;
import io.holdfast.hostio.nbd.Exports;
import io.holdfast.hostio.nbd.NbdClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Exports that a test adds and removes. The empty name stands for the only export, if there is one only.
/// Concurrent.
public final class FixedExports implements Exports {
    private final Map<String, Export> exports = new ConcurrentHashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private final List<NbdClient> connected = new CopyOnWriteArrayList<>();

    /// The registry that offers exactly these.
    public static FixedExports of(Export... offered) {
        FixedExports exports = new FixedExports();
        for (Export export : offered) {
            exports.add(export);
        }
        return exports;
    }

    /// Offers one more.
    public void add(Export export) {
        exports.put(export.name(), export);
    }

    /// Offers it no longer.
    public void remove(String name) {
        exports.remove(name);
    }

    /// Refuses whoever asks for it, with this reason.
    public void refuse(String name, String reason) {
        refusals.put(name, reason);
    }

    /// The clients that use an export now.
    public List<NbdClient> connected() {
        return List.copyOf(connected);
    }

    @Override
    public Optional<Export> find(String name, NbdClient client) {
        String reason = refusals.get(name);
        if (reason != null) {
            throw new ExportRefusedException(reason);
        }
        if (name.isEmpty() && exports.size() == 1) {
            return exports.values().stream().findFirst();
        }
        return Optional.ofNullable(exports.get(name));
    }

    @Override
    public List<Listing> list(NbdClient client) {
        return exports.values().stream()
                .map(each -> new Listing(each.name(), each.description()))
                .toList();
    }

    @Override
    public void onConnected(Export export, NbdClient client) {
        connected.add(client);
    }

    @Override
    public void onDisconnected(Export export, NbdClient client) {
        connected.remove(client);
    }
}
