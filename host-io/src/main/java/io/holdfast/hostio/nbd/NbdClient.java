package io.holdfast.hostio.nbd;

import java.security.cert.X509Certificate;
import java.util.Optional;

/// Who is at the other end of a connection.
///
/// @param connection the number of the connection, never used twice by one server
/// @param address where it comes from, for people
/// @param certificate what it proved by TLS
public record NbdClient(long connection, String address, Optional<X509Certificate> certificate) {}
