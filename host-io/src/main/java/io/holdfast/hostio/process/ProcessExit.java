package io.holdfast.hostio.process;

import java.time.Duration;

/// How a process ended.
public sealed interface ProcessExit {
    /// One phrase for a message, such as `exited with code 3`.
    String explained();

    /// Whether it ended by itself with code 0.
    default boolean isSuccess() {
        return this instanceof Code(int code) && code == 0;
    }

    /// It ended by itself.
    record Code(int code) implements ProcessExit {
        @Override
        public String explained() {
            return switch (code) {
                case 126 -> "exited with code 126 (found, but not executable)";
                case 127 -> "exited with code 127 (command not found)";
                default -> "exited with code " + code;
            };
        }
    }

    /// A signal ended it.
    record Signal(int number) implements ProcessExit {
        @Override
        public String explained() {
            return "was ended by signal " + number + " (" + signalName(number) + ")";
        }
    }

    /// It had not ended by its deadline, and it was killed with everything it had started.
    record DeadlineExceeded(Duration deadline) implements ProcessExit {
        @Override
        public String explained() {
            return "did not end within " + deadline.toMillis() + " ms and was killed";
        }
    }

    /// Java reports a signal's end as 128 + its number, as a shell does.
    static ProcessExit of(int exitValue) {
        return exitValue > 128 && exitValue <= 128 + 64 ? new Signal(exitValue - 128) : new Code(exitValue);
    }

    private static String signalName(int number) {
        return switch (number) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 4 -> "SIGILL";
            case 6 -> "SIGABRT";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 13 -> "SIGPIPE";
            case 14 -> "SIGALRM";
            case 15 -> "SIGTERM";
            case 31 -> "SIGSYS";
            default -> "signal " + number;
        };
    }
}
