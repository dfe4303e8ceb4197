/// How the command line shows what it got: tables for people, JSON and YAML for scripts, one stable exit
/// code per kind of failure. Entry class: [io.holdfast.node.cli.output.Rendering].
@NullMarked
package io.holdfast.node.cli.output;

import org.jspecify.annotations.NullMarked;
