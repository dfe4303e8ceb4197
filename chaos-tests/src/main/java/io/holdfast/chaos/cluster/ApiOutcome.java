package io.holdfast.chaos.cluster;

import io.holdfast.chaos.json.Json;

/// What came of a call of the API, told apart by what the caller may conclude.
public sealed interface ApiOutcome {
    /// The node answered.
    ///
    /// @param body null value if the answer had none
    record Answered(int status, Json body) implements ApiOutcome {
        /// The problem's code, empty if it is none.
        public String code() {
            return body.member("code").orElse(null) instanceof Json.Text text ? text.value() : "";
        }

        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /// Whether the node says that nothing was changed and another try may succeed.
        public boolean isUnavailable() {
            return status == 503 || status == 429;
        }
    }

    /// The call never reached the node: it certainly changed nothing.
    record NotSent(String reason) implements ApiOutcome {}

    /// The call left, and no answer came: nobody knows.
    record NoAnswer(String reason) implements ApiOutcome {}
}
