package io.holdfast.node.peerlink;

import java.util.Optional;

/// A question that one node asks another; the codes are part of the wire format, and those of calls that are
/// gone (32, 33) are not given again.
public enum PeerCall {
    /// Admit a node that showed its join token to the caller, and sign its certificate.
    JOIN(1),
    /// Sign the caller's next certificate.
    RENEW(2),
    /// Say how you are: role, progress, state machines.
    STATUS(3),
    /// Hand over the authority's key, to a voter.
    AUTHORITY(4),
    /// Sign a user's client certificate.
    SIGN_USER(5),
    /// Say how your disks are.
    DISKS(6),
    /// Do something with a volume that you serve.
    VOLUME(7),
    /// Say what you count of the volumes that you serve.
    SERVED_VOLUMES(40),
    /// Say what your host can do.
    EXAMINE(41),
    /// Say how long requests waited that started an application there.
    STARTS(42),
    /// Say what stands frozen there for an application's starts to come.
    FROZEN(43),
    /// Say what you did lately.
    TRENDS(44),
    /// Remember that the caller starts, and say if you remember a later start than it does.
    STARTED(45),
    /// Hand over the key under which the cluster seals what it stores.
    STORAGE_KEY(34),
    /// Do something to an instance of an application that runs there.
    APPLICATION(35),
    /// Say where blocks of blobs lie.
    BLOB_PLACES(36);

    private final int code;

    PeerCall(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<PeerCall> of(int code) {
        for (PeerCall call : values()) {
            if (call.code == code) {
                return Optional.of(call);
            }
        }
        return Optional.empty();
    }
}
