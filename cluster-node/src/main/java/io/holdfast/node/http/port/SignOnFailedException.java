package io.holdfast.node.http.port;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A login at a provider of identities came to nothing.
public final class SignOnFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// Why, as far as the person is told; the node's log says more.
    public enum Reason {
        /// The provider did not let the person in, or the person went back.
        DENIED,
        /// What came back is not what was asked for.
        INVALID,
        /// The provider knows the person; no role follows from what it says.
        NO_ROLE,
        /// The provider does not answer as it should.
        UNAVAILABLE;

        /// The word for it in addresses.
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public SignOnFailedException(Reason reason, String message) {
        this(reason, message, null);
    }

    public SignOnFailedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
