package io.holdfast.chaos.simulation;

import java.util.List;
import java.util.function.Consumer;

/// How clients of the model reach it: any node, again elsewhere under the same name when no answer comes, and
/// in the end an honest "unknown".
final class ModelCalls {
    private static final long ANSWER_MILLIS_MAX = 250;
    private static final long RETRY_MILLIS = 30;
    private static final int ATTEMPT_COUNT_MAX = 30;
    private static final int UNANSWERED_COUNT_MAX = 3;
    private static final int ANSWER_LOSS_PER_MILLE = 40;

    private final EventQueue queue;
    private final ModelNetwork network;

    ModelCalls(EventQueue queue, ModelNetwork network) {
        this.queue = queue;
        this.network = network;
    }

    /// What becomes of a proposal; one of both is called, once.
    interface Answer {
        void replied(ModelReply reply);

        void ended(boolean isKnownFailed);

        static Answer then(Runnable then) {
            return new Answer() {
                @Override
                public void replied(ModelReply reply) {
                    then.run();
                }

                @Override
                public void ended(boolean isKnownFailed) {
                    then.run();
                }
            };
        }
    }

    void propose(String requestId, ModelCommand command, Answer answer) {
        attempt(requestId, command, answer, 0, 0);
    }

    private void attempt(String requestId, ModelCommand command, Answer answer, int attempt, int unanswered) {
        if (attempt >= ATTEMPT_COUNT_MAX || unanswered >= UNANSWERED_COUNT_MAX) {
            answer.ended(unanswered == 0);
            return;
        }
        boolean[] isOver = new boolean[1];
        queue.afterBetween(1, 5, () -> {
            boolean isTaken = anyNode().propose(requestId, command, reply -> arrive(() -> {
                if (!isOver[0]) {
                    isOver[0] = true;
                    answer.replied(reply);
                }
            }));
            long waitMillis = isTaken ? ANSWER_MILLIS_MAX : RETRY_MILLIS;
            queue.after(waitMillis * EventQueue.MILLI, () -> {
                if (!isOver[0]) {
                    isOver[0] = true;
                    attempt(requestId, command, answer, attempt + 1, unanswered + (isTaken ? 1 : 0));
                }
            });
        });
    }

    void read(Consumer<ModelState> answer, Runnable noAnswer) {
        attemptRead(answer, noAnswer, 0);
    }

    private void attemptRead(Consumer<ModelState> answer, Runnable noAnswer, int attempt) {
        if (attempt >= ATTEMPT_COUNT_MAX) {
            noAnswer.run();
            return;
        }
        boolean[] isOver = new boolean[1];
        queue.afterBetween(1, 5, () -> {
            boolean isTaken = anyNode().read(state -> {
                // What the node saw goes out at once; that it travels is the caller's interval.
                if (!isOver[0]) {
                    isOver[0] = true;
                    answer.accept(state);
                }
            });
            queue.after((isTaken ? ANSWER_MILLIS_MAX : RETRY_MILLIS) * EventQueue.MILLI, () -> {
                if (!isOver[0]) {
                    isOver[0] = true;
                    attemptRead(answer, noAnswer, attempt + 1);
                }
            });
        });
    }

    private ModelNode anyNode() {
        List<ModelNode> nodes = network.nodes();
        return nodes.get(queue.random().nextInt(nodes.size()));
    }

    private void arrive(Runnable action) {
        if (!queue.chance(ANSWER_LOSS_PER_MILLE)) {
            queue.afterBetween(1, 5, action);
        }
    }
}
