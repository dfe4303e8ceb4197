package io.holdfast.hostio.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One reading of `/proc/PID/stat` (proc_pid_stat(5)).
///
/// @param startTicks when the process began, in clock ticks since the host started
record ProcessStat(long pid, char state, long parentPid, long sessionId, long startTicks) {
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START_TIME = 19;

    /// Empty if there is no such process, not even a dead one that waits to be collected.
    static Optional<ProcessStat> read(long pid) {
        String line;
        try {
            Path file = Path.of("/proc", Long.toString(pid), "stat");
            line = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return Optional.empty();
        }
        return parse(pid, line);
    }

    /// The command's name stands in parentheses and may itself hold spaces and parentheses, so the fields
    /// are counted from the last one.
    static Optional<ProcessStat> parse(long pid, String line) {
        int nameEnd = line.lastIndexOf(')');
        if (nameEnd < 0 || nameEnd + 2 >= line.length()) {
            return Optional.empty();
        }
        String[] fields = line.substring(nameEnd + 2).strip().split(" ", -1);
        if (fields.length <= START_TIME || fields[STATE].length() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessStat(
                    pid,
                    fields[STATE].charAt(0),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[SESSION]),
                    Long.parseLong(fields[START_TIME])));
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /// A dead process that nobody has collected yet does not run any more.
    boolean isRunning() {
        return state != 'Z' && state != 'X';
    }
}
