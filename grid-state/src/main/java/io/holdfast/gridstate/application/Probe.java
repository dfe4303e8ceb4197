package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;

/// How it is found out that an instance is ready for requests.
public sealed interface Probe {
    /// Longest time that an application may take to become ready.
    int WITHIN_MILLIS_MAX = 3_600_000;

    /// It is ready when it has run for a moment.
    ///
    /// @param settleMillis how long
    record Started(int settleMillis) implements Probe {
        public Started {
            Check.range("a moment", settleMillis, 0, WITHIN_MILLIS_MAX);
        }
    }

    /// It is ready when its port accepts connections.
    ///
    /// @param withinMillis how long that may take
    record Connects(int withinMillis) implements Probe {
        public Connects {
            Check.range("a probe's patience", withinMillis, 1, WITHIN_MILLIS_MAX);
        }
    }

    /// It is ready when a GET is answered with a status of 200 to 399.
    ///
    /// @param path what is asked for, beginning with `/`
    /// @param withinMillis how long that may take
    record Answers(String path, int withinMillis) implements Probe {
        public Answers {
            Check.text("a probe's path", path, 512);
            if (!path.startsWith("/") || path.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("a probe's path begins with '/' and holds no blank");
            }
            Check.range("a probe's patience", withinMillis, 1, WITHIN_MILLIS_MAX);
        }
    }

    /// The name by which the API knows the kind.
    default String label() {
        return switch (this) {
            case Started _ -> "started";
            case Connects _ -> "connects";
            case Answers _ -> "answers";
        };
    }

    /// How long an instance may take until it is ready.
    default int patienceMillis() {
        return switch (this) {
            case Started started -> started.settleMillis();
            case Connects connects -> connects.withinMillis();
            case Answers answers -> answers.withinMillis();
        };
    }
}
