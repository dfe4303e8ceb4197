/// The command line, `holdfast NOUN VERB`.
///
/// Each noun is a class, each verb a method of it. Commands that speak to a cluster take
/// [io.holdfast.node.cli.ClusterOptions]; failures are [io.holdfast.node.cli.output.CliException]s that
/// become one line, a hint and a documented exit code. Nothing here decides anything about the cluster's
/// state: that is the API's. Entry class: [io.holdfast.node.cli.CliMain].
@NullMarked
package io.holdfast.node.cli;

import org.jspecify.annotations.NullMarked;
