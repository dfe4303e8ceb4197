package io.holdfast.node.cli.output;

/// What a script reads from the command line's exit; documented in `holdfast --help` and never renumbered.
public enum ExitCode {
    OK(0, "done, and it is so"),
    FAILED(1, "it failed; the message says why"),
    USAGE(2, "the command line or a file it names is wrong"),
    NOT_FOUND(3, "there is no such thing"),
    CONFLICT(4, "it contradicts the present state, such as an existing name or another version"),
    UNAVAILABLE(5, "no node could answer, or the time ran out; trying again later may help"),
    DENIED(6, "the credential is missing, wrong, expired or of too small a role");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    /// What an HTTP status of the API means for a script.
    public static ExitCode ofHttpStatus(int status) {
        return switch (status) {
            case 400, 405, 413, 415, 422, 431 -> USAGE;
            case 401, 403 -> DENIED;
            case 404, 410 -> NOT_FOUND;
            case 409, 412, 428 -> CONFLICT;
            case 408, 421, 425, 429, 502, 503, 504 -> UNAVAILABLE;
            default -> status < 400 ? OK : FAILED;
        };
    }
}
