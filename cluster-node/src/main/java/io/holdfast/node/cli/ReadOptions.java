package io.holdfast.node.cli;

import io.holdfast.node.cli.client.ApiRequest;
import java.util.Locale;
import picocli.CommandLine.Option;

/// What every reading command takes: which cluster, in which form, and how new the answer must be.
final class ReadOptions extends ClusterOptions {
    @Option(
            names = "--consistency",
            paramLabel = "local|linearizable",
            description = "linearizable: all that was acknowledged before; local: what a node has, also "
                    + "without a majority. Default: linearizable.")
    Consistency consistency = Consistency.LINEARIZABLE;

    /// How new an answer must be.
    enum Consistency {
        LOCAL,
        LINEARIZABLE
    }

    /// The call with the consistency that was asked for.
    ApiRequest reading(ApiRequest request) {
        return request.withQuery("consistency", consistency.name().toLowerCase(Locale.ROOT));
    }
}
