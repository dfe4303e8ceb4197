/// How the command line reaches a cluster: which one ([io.holdfast.node.cli.client.Contexts]), with what
/// credential, and one thin client of its HTTP API ([io.holdfast.node.cli.client.ApiClient]) that trusts
/// nothing but the cluster's own certificate authority.
@NullMarked
package io.holdfast.node.cli.client;

import org.jspecify.annotations.NullMarked;
