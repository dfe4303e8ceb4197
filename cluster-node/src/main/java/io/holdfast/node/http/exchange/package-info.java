/// One call of the API and its reply, as values: what the server hands to those who answer.
///
/// Entry classes: [io.holdfast.node.http.exchange.ApiCall],
/// [io.holdfast.node.http.exchange.ApiReply] and [io.holdfast.node.http.exchange.Problem].
@NullMarked
package io.holdfast.node.http.exchange;

import org.jspecify.annotations.NullMarked;
