package io.holdfast.node.config;

import java.util.List;

/// A configuration file that cannot be used; the message holds every problem on its own line, each with file
/// and line number, so that one run shows all that must be mended.
public final class InvalidConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    InvalidConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    @Override
    public String getMessage() {
        return String.join("\n", problems);
    }

    public List<String> problems() {
        return problems;
    }
}
