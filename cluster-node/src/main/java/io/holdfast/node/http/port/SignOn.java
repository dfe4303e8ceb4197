package io.holdfast.node.http.port;

import io.holdfast.gridstate.access.Role;

import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A login at a provider of identities, by way of the person's browser. Concurrent; blocks while the provider
/// is asked.
public interface SignOn {
    /// Who that is, for people: a host's name.
    String provider();

    /// Where the browser goes to log in for this attempt.
    ///
    /// @throws SignOnFailedException if the provider is not to be reached
    URI begin(Attempt attempt);

    /// Who came back.
    ///
    /// @throws SignOnFailedException if it is not shown to be somebody who may come in
    Identity finish(Attempt attempt, Answer answer);

    /// One attempt of one browser, which keeps it in a cookie until it comes back. Each part is known to that
    /// browser and this cluster alone until then; what it is good for ends with the first login made by it.
    ///
    /// @param state comes back with the browser, so that nobody can send it here with another's code
    /// @param nonce comes back in the identity, so that none made for another attempt is taken
    /// @param verifier goes to the provider with the code, so that the code alone opens nothing
    record Attempt(String state, String nonce, String verifier) {
        private static final int SECRET_BYTES = 32;
        private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

        public static Attempt create(SecureRandom random) {
            return new Attempt(secret(random), secret(random), secret(random));
        }

        private static String secret(SecureRandom random) {
            byte[] bytes = new byte[SECRET_BYTES];
            random.nextBytes(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        /// Reads what [#text()] wrote; empty for anything else.
        public static Optional<Attempt> parse(String text) {
            List<String> parts = List.of(text.split("\\.", -1));
            return parts.size() == 3 && parts.stream().allMatch(part -> SECRET.matcher(part).matches())
                    ? Optional.of(new Attempt(parts.get(0), parts.get(1), parts.get(2)))
                    : Optional.empty();
        }

        /// The form in which a cookie holds it.
        public String text() {
            return String.join(".", state, nonce, verifier);
        }
    }

    /// What the browser brought back.
    ///
    /// @param code to be exchanged for the identity
    /// @param state as the attempt has it
    /// @param issuer who says that it sent the browser back, if it says so
    /// @param error why there is no code
    record Answer(
            Optional<String> code,
            Optional<String> state,
            Optional<String> issuer,
            Optional<String> error) {}

    /// Somebody whom the provider vouches for.
    ///
    /// @param user the name in this cluster
    record Identity(String user, Role role) {}
}
