package io.holdfast.node.doctor;

import io.holdfast.node.doctor.Finding.State;
import java.util.function.Function;

/// One look at the host.
///
/// @param subject what is looked at, as it stands in the output
/// @param neededBy which parts of Holdfast need it
record Probe(String subject, String neededBy, Function<Host, Result> look) {
    /// What a look gave.
    record Result(State state, String found, String remedy) {
        static Result ok(String found) {
            return new Result(State.OK, found, "");
        }

        static Result limited(String found, String remedy) {
            return new Result(State.LIMITED, found, remedy);
        }

        static Result missing(String found, String remedy) {
            return new Result(State.MISSING, found, remedy);
        }
    }

    Finding run(Host host) {
        Result result = look.apply(host);
        return new Finding(subject, result.state(), result.found(), neededBy, result.remedy());
    }
}
