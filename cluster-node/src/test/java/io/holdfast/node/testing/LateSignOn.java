package io.holdfast.node.testing;

import io.holdfast.node.http.port.SignOn;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/// A login elsewhere that comes once the server's address is known. Concurrent.
final class LateSignOn implements SignOn {
    private final CompletableFuture<SignOn> real = new CompletableFuture<>();

    void come(SignOn signOn) {
        real.complete(signOn);
    }

    @Override
    public String provider() {
        return real.join().provider();
    }

    @Override
    public URI begin(Attempt attempt) {
        return real.join().begin(attempt);
    }

    @Override
    public Identity finish(Attempt attempt, Answer answer) {
        return real.join().finish(attempt, answer);
    }
}
