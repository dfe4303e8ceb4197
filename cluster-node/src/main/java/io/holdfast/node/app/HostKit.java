package io.holdfast.node.app;

import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.node.snapshot.HeldSnapshots;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What instances on this node are made with. Immutable; its parts are concurrent.
///
/// @param node this node's name
/// @param ledger reads and changes the cluster's state
/// @param catalog what it says about applications
/// @param runtime this host's containers
/// @param snapshots where saved states are kept
/// @param roots finds root file systems on this host
/// @param volumes makes volumes folders of this host
/// @param records a folder for what this node must remember of its instances
/// @param poolBytesMax memory that frozen copies may take, all together
/// @param clock for people
/// @param nanoClock for spans of time
public record HostKit(
        String node,
        AppLedger ledger,
        AppCatalog catalog,
        ContainerRuntime runtime,
        HeldSnapshots snapshots,
        Roots roots,
        VolumeMounts volumes,
        Path records,
        long poolBytesMax,
        InstantSource clock,
        LongSupplier nanoClock) {}
