package io.holdfast.node.http.port;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Takes the requests that are for applications, under `/apps/`. Concurrent.
@FunctionalInterface
public interface AppGateway {
    /// Where applications are found.
    String PREFIX = "/apps/";

    /// Takes a request on its event loop, and answers it whatever happens.
    void take(HttpServerRequest request, Caller caller);

    /// Who sends a request.
    ///
    /// @param requestId names it in logs and problems
    /// @param node the node that passes it on, if one does: told by its certificate
    /// @param isMember whether a credential of the cluster was shown; blocks, and throws a `ProblemException`
    /// for one that is not good
    record Caller(String requestId, Optional<String> node, BooleanSupplier isMember) {}
}
