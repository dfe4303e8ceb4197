package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Sha256;

/// A certificate of a node.
///
/// @param serial its serial number in hexadecimal
/// @param fingerprint SHA-256 of its DER form
/// @param notAfterMillis when it expires
public record NodeCertificate(String serial, Sha256 fingerprint, long notAfterMillis) {
    public NodeCertificate {
        Check.name("a certificate's serial number", serial);
        Check.notNegative("a time", notAfterMillis);
    }
}
