package io.holdfast.hostio.process;

import java.io.IOException;

/// A command that is not installed on this host.
public final class CommandNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    CommandNotFoundException(String command) {
        super("this host has no command '" + command + "': command=" + command);
    }
}
