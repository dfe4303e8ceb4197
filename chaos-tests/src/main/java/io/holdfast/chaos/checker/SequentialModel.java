package io.holdfast.chaos.checker;

import java.util.Optional;

/// How the checked object behaves when nothing is concurrent.
///
/// @param <S> state; immutable, with `equals` and `hashCode`
/// @param <A> actions
/// @param <R> replies
public interface SequentialModel<S, A, R> {
    S initial();

    /// The state after the action, or empty if in this state the action would not have been answered so.
    Optional<S> after(S state, A action, R reply);

    /// The state after an action whose answer nobody saw.
    S afterUnseen(S state, A action);
}
