package io.holdfast.node.http.exchange;

/// The headers that are Holdfast's own.
public final class ApiHeaders {
    /// On replies: the ledger index that they reflect. On reads with `consistency=session`: the
    /// index to wait for.
    public static final String INDEX = "Holdfast-Index";

    /// On replies: `true` if this node cannot tell whether it is up to date.
    public static final String STALE = "Holdfast-Stale";

    /// On requests: after how many milliseconds the caller stops waiting.
    public static final String TIMEOUT = "Holdfast-Timeout-Millis";

    /// On replies, and on requests of callers who have an identity of their own for them.
    public static final String REQUEST_ID = "Request-Id";

    /// On changing requests that are authenticated by cookie; any value. A page of another origin
    /// cannot send it.
    public static final String CSRF = "Holdfast-Csrf";

    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private ApiHeaders() {}
}
