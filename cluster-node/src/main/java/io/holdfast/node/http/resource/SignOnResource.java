package io.holdfast.node.http.resource;

import io.holdfast.gridstate.access.AccessCatalogs;
import io.holdfast.gridstate.access.UserEntry;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.node.http.auth.Cookies;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.ProblemException;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.Consistency;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.http.port.SignOnFailedException;
import io.holdfast.node.http.port.SignOnFailedException.Reason;
import io.vertx.core.json.JsonObject;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// The way into the web UI by a provider of identities. Whoever comes by it is a user with the role that the
/// provider's claims give, made at the first login. People are led back to the UI however it ends; what went
/// wrong is counted and logged like a refused call. Concurrent.
public final class SignOnResource {
    /// Strangers can make this node ask the provider: not without end.
    private static final int ASKING_MAX = 32;

    private static final String ADDRESS_UNKNOWN = "-";

    private final Optional<SignOn> signOn;
    private final Changes changes;
    private final CatalogReads reads;
    private final RefusalLog refusals;
    private final Sessions sessions;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore asking = new Semaphore(ASKING_MAX);

    /// @param signOn absent where none is configured
    public SignOnResource(
            Optional<SignOn> signOn,
            Changes changes,
            CatalogReads reads,
            RefusalLog refusals,
            InstantSource clock) {
        this.signOn = signOn;
        this.changes = changes;
        this.reads = reads;
        this.refusals = refusals;
        this.sessions = new Sessions(changes, clock, random);
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("getLoginOptions", _ -> options());
        handlers.put("beginSignOn", call -> led(call, () -> begin(configured())));
        handlers.put("finishSignOn", call -> led(call, () -> finish(call, configured())));
    }

    private ApiReply options() {
        JsonObject body = new JsonObject();
        signOn.ifPresent(one -> body.put("provider", one.provider()));
        return ApiReply.ok(body);
    }

    private SignOn configured() {
        return signOn.orElseThrow(() -> new SignOnFailedException(
                Reason.UNAVAILABLE, "no provider of identities is configured at this node"));
    }

    private ApiReply begin(SignOn provider) {
        SignOn.Attempt attempt = SignOn.Attempt.create(random);
        return ApiReply.redirect(provider.begin(attempt).toString())
                .with("Set-Cookie", Cookies.setAttempt(attempt.text()));
    }

    private ApiReply finish(ApiCall call, SignOn provider) {
        SignOn.Attempt attempt = Optional.ofNullable(call.header("Cookie").orElse(null))
                .flatMap(Cookies::attempt)
                .flatMap(SignOn.Attempt::parse)
                .orElseThrow(() -> new SignOnFailedException(
                        Reason.INVALID, "the browser began no login here, or too long ago"));
        SignOn.Identity identity = provider.finish(attempt, new SignOn.Answer(
                call.queryValue("code"), call.queryValue("state"), call.queryValue("iss"),
                call.queryValue("error")));
        ApiCall asUser = Sessions.as(
                call, "/login/oidc/callback", identity.user(), identity.role(), Optional.empty());
        enter(asUser, identity);
        return sessions.open(asUser, attempt.state());
    }

    /// The user is as the provider says, from now on.
    private void enter(ApiCall call, SignOn.Identity identity) {
        Optional<Versioned<String, UserEntry>> known = reads.get(
                        AccessCatalogs.USERS, identity.user(), new Consistency.Linearizable(call.remaining()))
                .value();
        if (known.isEmpty()) {
            changes.accepted(call, new AccessCommand.CreateUser(identity.user(), identity.role()));
        } else if (known.get().value().role() != identity.role()) {
            changes.accepted(call, new AccessCommand.SetRole(
                    identity.user(), identity.role(), ExpectedVersion.ANY));
        }
    }

    /// Leads the browser back with the reason where it comes to nothing.
    private ApiReply led(ApiCall call, Supplier<ApiReply> step) {
        if (!asking.tryAcquire()) {
            return back(call, Reason.UNAVAILABLE, "too many logins at a time");
        }
        try {
            return step.get();
        } catch (SignOnFailedException failed) {
            return back(call, failed.reason(), String.valueOf(failed.getMessage()));
        } catch (IllegalArgumentException unfit) {
            return back(
                    call, Reason.INVALID, "the identity's name cannot be a user's: " + unfit.getMessage());
        } catch (ProblemException refused) {
            return back(call, refused.problem().status() == 401 ? Reason.INVALID : Reason.UNAVAILABLE,
                    refused.problem().detail());
        } finally {
            asking.release();
        }
    }

    private ApiReply back(ApiCall call, Reason reason, String message) {
        refusals.refused(
                RefusalLog.Reason.SIGN_ON,
                ADDRESS_UNKNOWN,
                ADDRESS_UNKNOWN,
                call.operation() + ": " + message,
                call.requestId());
        return ApiReply.redirect("/ui/#/login?failed=" + reason.label());
    }
}
