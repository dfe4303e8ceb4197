package io.holdfast.node.cli.output;

/// The forms that `-o` chooses from.
public enum OutputFormat {
    TABLE,
    JSON,
    YAML
}
