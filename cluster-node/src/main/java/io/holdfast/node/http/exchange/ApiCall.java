package io.holdfast.node.http.exchange;

import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.node.http.port.Consistency;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One call, after its path, parameters and body have been checked against the contract. Confined
/// to the thread that answers it.
///
/// @param operation the contract's operation id
/// @param target the request's path and query, as it came
/// @param requestId names the call in logs, in the audit and in problems
/// @param path the values of the path's variables
/// @param query the values of query parameters, in order
/// @param headers finds a header by its name
/// @param body an empty object without a body
/// @param bodyHash the SHA-256 of the body's bytes in hexadecimal
/// @param caller who calls; absent where the contract asks for nobody
/// @param deadlineNanos until when the caller waits, by `System.nanoTime`
public record ApiCall(
        String operation,
        String target,
        String requestId,
        Map<String, String> path,
        Map<String, List<String>> query,
        Function<String, @Nullable String> headers,
        JsonObject body,
        String bodyHash,
        Optional<Principal> caller,
        long deadlineNanos) {

    /// Who calls, where the contract demands a role.
    public Principal principal() {
        return caller.orElseThrow(
                () ->
                        new IllegalStateException(
                                "the contract demands no caller: operation=" + operation));
    }

    /// The value of a variable.
    public String pathValue(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "no such variable: name=" + name + " operation=" + operation);
        }
        return value;
    }

    public Optional<String> queryValue(String name) {
        return queryValues(name).stream().findFirst();
    }

    public List<String> queryValues(String name) {
        List<String> values = query.get(name);
        return values == null ? List.of() : values;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.apply(name));
    }

    /// How long the caller still waits.
    public Duration remaining() {
        long nanos = deadlineNanos - System.nanoTime();
        if (nanos <= 0) {
            throw new Problem(504, "deadline-exceeded", "the call's deadline has passed", "")
                    .exception();
        }
        return Duration.ofNanos(nanos);
    }

    /// What the caller says about how fresh the answer must be.
    public Consistency consistency() {
        return switch (queryValue("consistency").orElse("local")) {
            case "linearizable" -> new Consistency.Linearizable(remaining());
            case "session" ->
                    new Consistency.Session(
                            header(ApiHeaders.INDEX)
                                    .map(ApiCall::index)
                                    .orElseThrow(
                                            () ->
                                                    Problem.badRequest(
                                                                    "index-missing",
                                                                    "consistency=session needs the header "
                                                                            + ApiHeaders.INDEX)
                                                            .exception()),
                            remaining());
            default -> new Consistency.Local();
        };
    }

    /// The condition of a change: If-Match or If-None-Match.
    public ExpectedVersion expected() {
        Optional<String> match = header("If-Match");
        Optional<String> noneMatch = header("If-None-Match");
        if (noneMatch.isPresent()) {
            if (match.isPresent() || !noneMatch.get().equals("*")) {
                throw Problem.badRequest(
                                "invalid-condition",
                                "a change knows If-Match: \"<version>\" or If-None-Match: *")
                        .exception();
            }
            return ExpectedVersion.ABSENT;
        }
        if (match.isEmpty() || match.get().equals("*")) {
            return ExpectedVersion.ANY;
        }
        return ExpectedVersion.of(version(match.get()));
    }

    /// Whether a read may be answered with 304: the caller has this version.
    public boolean hasVersion(long version) {
        return header("If-None-Match")
                .filter(tag -> tag.equals('"' + Long.toString(version) + '"'))
                .isPresent();
    }

    private static long index(String text) {
        try {
            long index = Long.parseLong(text);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Answered below, as a negative one is.
        }
        throw Problem.badRequest(
                        "invalid-header", ApiHeaders.INDEX + " is a number that is not negative")
                .exception();
    }

    private static long version(String tag) {
        if (tag.length() > 2 && tag.length() < 22 && tag.startsWith("\"") && tag.endsWith("\"")) {
            try {
                long version = Long.parseLong(tag.substring(1, tag.length() - 1));
                if (version > 0) {
                    return version;
                }
            } catch (NumberFormatException e) {
                // Answered below.
            }
        }
        throw Problem.badRequest(
                        "invalid-condition", "If-Match is an ETag as a read gave it: \"<version>\"")
                .exception();
    }
}
