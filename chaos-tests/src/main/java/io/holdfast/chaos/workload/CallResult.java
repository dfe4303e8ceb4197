package io.holdfast.chaos.workload;

import io.holdfast.chaos.json.Json;

/// What a caller knows in the end, after all its tries.
sealed interface CallResult {
    /// Done.
    record Done(Json body) implements CallResult {}

    /// Answered with a refusal: nothing was changed.
    record Refused(int status, String code) implements CallResult {}

    /// Never done.
    record NotDone(String reason) implements CallResult {}

    /// Perhaps done, perhaps not.
    record Unknown(String reason) implements CallResult {}
}
