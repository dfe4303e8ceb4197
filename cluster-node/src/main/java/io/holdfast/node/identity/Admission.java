package io.holdfast.node.identity;

import java.util.Optional;

/// Decides whether the holder of a certificate that is valid as such may still talk to us. Asked
/// within every handshake, so it answers from memory and does not block.
@FunctionalInterface
public interface Admission {
    /// Lets everybody in whom an authority has signed for.
    Admission ALL = _ -> Optional.empty();

    /// Why the holder is refused (evicted, an older serial than the registered one), or empty.
    Optional<String> refusal(ClusterCertificate certificate);

    /// Refuses everybody but nodes, and those that this admission refuses.
    default Admission nodesOnly() {
        return certificate ->
                certificate.kind() == ClusterCertificate.Kind.NODE
                        ? refusal(certificate)
                        : Optional.of("only nodes are admitted here");
    }
}
