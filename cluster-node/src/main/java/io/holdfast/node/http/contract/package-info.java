/// The OpenAPI document of this node, and its enforcement.
///
/// `openapi.json` (a resource beside these classes, served as `/v1/openapi.json`) is the only place
/// where routes, parameters, bodies, bounds and roles stand.
/// [io.holdfast.node.http.contract.ApiContract] reads it at start, refuses a keyword that it would
/// not enforce, and checks every call against it.
///
/// Rejected: the router of vertx-openapi. It checks the document against the meta-schema at every
/// start (seconds of a cold node's time; here a test does that once), refuses the media types of
/// problems and event streams, lets unknown query parameters pass, and gives no pointer to the
/// offending value. If the document came to need more of JSON Schema than
/// [io.holdfast.node.http.contract.SchemaRule] knows, vertx-json-schema would be used for bodies.
@NullMarked
package io.holdfast.node.http.contract;

import org.jspecify.annotations.NullMarked;
