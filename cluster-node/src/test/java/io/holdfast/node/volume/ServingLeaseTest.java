package io.holdfast.node.volume;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.node.testing.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ServingLeaseTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // It wraps in between.
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final LeaseClock clock = new LeaseClock(nanos::get, millis::get);
    private final ServingLease lease = new ServingLease(new StreamId(7), clock, clock.now());

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        millis.addAndGet(TimeUnit.SECONDS.toMillis(seconds));
    }

    @Test
    void endsBeforeOthersMayTakeItAndCountsFromBeforeItWasAskedFor() {
        pass(8);
        assertTrue(lease.isHeld());
        LeaseClock.Moment asked = clock.now();
        pass(1);
        assertFalse(lease.isHeld());
        lease.extended(asked);
        assertTrue(lease.isHeld());
        pass(8);
        assertFalse(lease.isHeld());
    }

    @Test
    void anAnswerThatComesLateTakesNothingAway() {
        LeaseClock.Moment early = clock.now();
        pass(5);
        lease.extended(clock.now());
        lease.extended(early);
        pass(8);
        assertTrue(lease.isHeld());
    }

    @Test
    void theClockThatCountsMoreDecides() {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        millis.addAndGet(TimeUnit.SECONDS.toMillis(30)); // Suspended for 29 seconds.
        assertFalse(lease.isHeld());
        lease.extended(clock.now());
        assertTrue(lease.isHeld());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        millis.addAndGet(-TimeUnit.HOURS.toMillis(1)); // Somebody set the clock.
        assertFalse(lease.isHeld());
    }

    @Test
    void whatIsLostStaysLost() {
        lease.lost("another node has it");
        lease.extended(clock.now());
        assertFalse(lease.isHeld());
        FencedException refused = assertThrows(FencedException.class, lease::require);
        assertTrue(refused.getMessage().contains("another node has it"), refused.getMessage());
    }

    @Test
    void requestsAreNotKeptWaitingForEver() throws InterruptedException {
        pass(9);
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread request = Thread.ofPlatform().start(() -> {
            try {
                lease.require();
                waiting.complete(null);
            } catch (BlockDeviceException failure) {
                waiting.completeExceptionally(failure);
            }
        });
        Await.until("it waits", () -> request.getState() == Thread.State.TIMED_WAITING);
        assertFalse(waiting.isDone());
        pass(ServingLease.WAIT_MAX.toSeconds());
        request.join();
        assertInstanceOf(DeviceIoException.class, waiting.exceptionNow());
    }
}
