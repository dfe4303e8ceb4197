package io.holdfast.consensus;

/// The ledger no longer remembers the session, so it cannot tell whether an earlier attempt was applied;
/// this attempt was not. Open a new session; treat a command that had been sent before as
/// [OutcomeUnknownException].
public final class SessionExpiredException extends ConsensusException {
    private static final long serialVersionUID = 1L;

    public SessionExpiredException(SessionId session) {
        super("the session is no longer remembered: session=" + session);
    }
}
