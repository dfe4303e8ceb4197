package io.holdfast.node.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;

/// What the API answered.
///
/// @param etag the version of the thing read; empty if it has none
public record ApiAnswer(int status, JsonNode body, String etag) {
    /// Itself unless it reports a problem.
    public ApiAnswer orThrow() throws CliException {
        if (status >= 400) {
            throw failure();
        }
        return this;
    }

    /// The problem document (RFC 9457) as a failure of the command.
    CliException failure() {
        String title = body.path("title").asText("the API answered with status " + status);
        String detail = body.path("detail").asText("");
        String code = body.path("code").asText("");
        String message = detail.isEmpty() ? title : detail;
        String hint = body.path("hint").asText(status == 401 ? "log in: see 'holdfast context --help'" : "");
        return new CliException(
                ExitCode.ofHttpStatus(status), code.isEmpty() ? message : message + ": code=" + code, hint);
    }
}
