package io.holdfast.hostio.holder;

import java.util.Optional;

/// All holders that this machine knows. Concurrent.
public interface FragmentHolders {
    /// The holder of that name. Never fails: one that is unknown, gone or down fails each of its calls.
    FragmentHolder holder(HolderId id);

    /// The holder on this machine, if it has one.
    Optional<HolderId> local();
}
