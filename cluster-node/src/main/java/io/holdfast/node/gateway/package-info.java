/// Requests for applications, on every node's API port: `/apps/NAME/REST` is handled as `/REST` by an
/// instance of the application, here or on another node (`/apps/TENANT~NAME/REST` where the tenant is not
/// `default`).
///
/// A request waits, within a bound, until an instance is ready. Then it is passed on as a stream, in both
/// directions, with back-pressure; each on a connection of its own, so that an instance without requests has
/// no connections and can be saved. To another node it goes over HTTPS with this node's certificate; that
/// node handles it itself or says that it did not.
///
/// Invariants: a request is handled once or refused: it is tried elsewhere only while no byte of it has gone
/// to an instance (a connection that was not made, a node that says it did not handle it), and a failure
/// after that is told as one whose outcome is unknown; a refusal that is worth repeating says so with 503
/// and Retry-After; a credential of the cluster never reaches an application, and what an application
/// answers is kept apart from the web UI of the same origin by a sandbox; what waits is bounded in number
/// and time. Threads: finding a way blocks a virtual thread, everything else happens on the request's event
/// loop.
@NullMarked
package io.holdfast.node.gateway;

import org.jspecify.annotations.NullMarked;
