/// A cluster on this machine: one process per node, each with its own folder and its own ports, everything
/// with mutual TLS and tokens as on real hosts.
///
/// ```
/// DIR/                 0700
///   cluster.json       0600  names, ports
///   ca.crt             0600  the cluster's certificate authority
///   admin.token        0600  the first administrator's token
///   lock                     held while the cluster is started or stopped
///   node-1/node.conf         the node's configuration
///   node-1/node.pid          pid, start time, boot
///   node-1/output.log        what the process printed before its own log was open
///   node-1/data/             everything the node keeps
/// ```
///
/// Entry class: [io.holdfast.node.cli.local.ClusterStart].
@NullMarked
package io.holdfast.node.cli.local;

import org.jspecify.annotations.NullMarked;
