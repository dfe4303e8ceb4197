package io.holdfast.chaos.workload;

import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.pace.Pause;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// One client's way to the cluster: stays with a node while it answers, goes to the next in turn when it does
/// not, and repeats a change under the same idempotency key, as the API promises that this is safe. Confined
/// to its client.
final class Caller {
    private static final Duration RETRY_PAUSE = Duration.ofMillis(25);
    private static final int ATTEMPT_COUNT_MAX = 40;
    private static final int UNANSWERED_COUNT_MAX = 3;

    private final NodeApi api;
    /// The one that is asked first; one that does not answer becomes the last.
    private final Deque<String> addresses;
    private final RandomGenerator random;
    private final Pause pause;
    private final String name;
    private long nextKey;

    /// @param name unique among all clients of the cluster
    Caller(String name, NodeApi api, List<String> addresses, RandomGenerator random, Pause pause) {
        this.name = name;
        this.api = api;
        this.random = random;
        this.pause = pause;
        List<String> order = new ArrayList<>(addresses);
        Collections.shuffle(order, Random.from(random));
        this.addresses = new ArrayDeque<>(order);
    }

    RandomGenerator random() {
        return random;
    }

    Pause pause() {
        return pause;
    }

    /// A name that no other call of any client has.
    String uniqueName() {
        return name + "-" + nextKey++;
    }

    /// Makes a change at most once.
    CallResult change(ApiCall call) throws InterruptedException {
        return perform(call.with("Idempotency-Key", uniqueName()), true);
    }

    /// Reads; without an answer nothing was read.
    CallResult read(ApiCall call) throws InterruptedException {
        return perform(call, false);
    }

    private CallResult perform(ApiCall call, boolean isChange) throws InterruptedException {
        String last = "";
        int unanswered = 0;
        for (int attempt = 0; attempt < ATTEMPT_COUNT_MAX && unanswered < UNANSWERED_COUNT_MAX; attempt++) {
            switch (api.call(addresses.getFirst(), call)) {
                case ApiOutcome.Answered answered when answered.isSuccess() -> {
                    return new CallResult.Done(answered.body());
                }
                case ApiOutcome.Answered answered when answered.isUnavailable() -> last = answered.code();
                case ApiOutcome.Answered answered when answered.status() >= 500 -> {
                    last = answered.status() + " " + answered.code();
                    unanswered++;
                }
                case ApiOutcome.Answered answered -> {
                    return refused(answered, unanswered > 0 && isChange);
                }
                case ApiOutcome.NotSent notSent -> last = notSent.reason();
                case ApiOutcome.NoAnswer noAnswer -> {
                    last = noAnswer.reason();
                    unanswered++;
                }
            }
            addresses.addLast(addresses.removeFirst());
            pause.of(RETRY_PAUSE);
        }
        return unanswered > 0 && isChange ? new CallResult.Unknown(last) : new CallResult.NotDone(last);
    }

    /// A refusal after an unanswered try speaks of the first try only if the ledger still remembers it.
    private static CallResult refused(ApiOutcome.Answered answered, boolean wasUnanswered) {
        return wasUnanswered && answered.code().equals("idempotency-key-expired")
                ? new CallResult.Unknown(answered.code())
                : new CallResult.Refused(answered.status(), answered.code());
    }
}
