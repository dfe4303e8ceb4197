package io.holdfast.chaos.checker;

import java.util.Optional;

/// A register with read, write and compare-and-set that begins with a given value.
public record RegisterModel(String initial)
        implements SequentialModel<String, RegisterAction, RegisterReply> {
    @Override
    public Optional<String> after(String state, RegisterAction action, RegisterReply reply) {
        return switch (action) {
            case RegisterAction.Read _ ->
                when(reply instanceof RegisterReply.Value seen && seen.value().equals(state), state);
            case RegisterAction.Write write -> when(reply instanceof RegisterReply.Written, write.value());
            case RegisterAction.CompareAndSet swap -> afterSwap(state, swap, reply);
        };
    }

    private static Optional<String> afterSwap(
            String state, RegisterAction.CompareAndSet swap, RegisterReply reply) {
        boolean matches = swap.expected().equals(state);
        boolean isRight = reply instanceof RegisterReply.Swapped said && said.isDone() == matches;
        return when(isRight, matches ? swap.next() : state);
    }

    private static Optional<String> when(boolean isPossible, String next) {
        return isPossible ? Optional.of(next) : Optional.empty();
    }

    @Override
    public String afterUnseen(String state, RegisterAction action) {
        return switch (action) {
            case RegisterAction.Read _ -> state;
            case RegisterAction.Write write -> write.value();
            case RegisterAction.CompareAndSet swap -> swap.expected().equals(state) ? swap.next() : state;
        };
    }
}
