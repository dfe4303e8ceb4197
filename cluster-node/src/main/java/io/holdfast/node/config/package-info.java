/// A node's configuration: one file of `key = value` lines, one table that says what each key means.
///
/// [io.holdfast.node.config.ConfigKeys] is that table: it parses, checks, documents (`holdfast node config`)
/// and prints (at start, defaults marked). [io.holdfast.node.config.NodeConfig] is the checked result.
/// Secrets never stand in the file. Entry class: [io.holdfast.node.config.NodeConfigFile].
@NullMarked
package io.holdfast.node.config;

import org.jspecify.annotations.NullMarked;
