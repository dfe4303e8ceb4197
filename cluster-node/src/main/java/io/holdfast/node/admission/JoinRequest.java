package io.holdfast.node.admission;

import io.holdfast.gridstate.cluster.Addresses;

/// What a joiner sends.
///
/// @param token the join token's text
/// @param name the name that the node wants
/// @param zone the failure zone that it stands in
/// @param addresses where it will listen
/// @param certificateRequest PKCS#10 in PEM, signed with the node's own key
public record JoinRequest(
        String token, String name, String zone, Addresses addresses, String certificateRequest) {}
