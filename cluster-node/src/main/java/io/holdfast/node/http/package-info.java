/// The HTTPS API of a node, and the web UI's files: any node answers any call.
///
/// A request is read on a Vert.x event loop, within bounds; matched and checked against the OpenAPI
/// document (`io.holdfast.node.http.contract`), authenticated (`.auth`), and answered by a resource
/// (`.resource`) on a virtual thread of its own. Changes go through `CommandGateway`, reads through
/// `CatalogReads`; both are ports that the composition root fills (`.port`).
///
/// Invariants: what the document does not describe is refused; every reply but a success is problem
/// JSON with a stable code; no stack trace leaves the node; everything a stranger can make grow is
/// bounded ([io.holdfast.node.http.ApiLimits]). Entry class: [io.holdfast.node.http.ApiServer].
@NullMarked
package io.holdfast.node.http;

import org.jspecify.annotations.NullMarked;
