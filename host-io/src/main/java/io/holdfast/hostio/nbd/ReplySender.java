package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The way out of one connection. The reading thread sends its own replies itself; those of other threads are
/// queued and go out, several at a time, by a thread that is started for the first of them. Concurrent; the
/// queue holds at most as many replies as requests may be in flight.
final class ReplySender {
    /// A finished request: its reply, and what is to be done once that has gone out or cannot.
    record Finished(ByteBuffer reply, Runnable afterwards) {}

    private static final int GATHER_COUNT_MAX = 64;
    // Copying more costs as much as the system call that it saves.
    private static final int COPIED_BYTES_MAX = 32 << 10;
    private static final Finished END = new Finished(ByteBuffer.allocate(0), () -> {});

    private final Transport transport;
    private final InFlight inFlight;
    private final Watch watch;
    private final String threadName;
    private final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final ReentrantLock sending = new ReentrantLock();
    private volatile boolean broken;
    private @Nullable Thread thread; // confined to the reading thread

    ReplySender(Transport transport, InFlight inFlight, Watch watch, String threadName) {
        this.inFlight = inFlight;
        this.transport = transport;
        this.watch = watch;
        this.threadName = threadName;
    }

    /// Sends now, waiting for the client to take it.
    void send(ByteBuffer replies) throws IOException {
        sending.lock();
        try {
            watch.sending();
            transport.write(replies);
        } finally {
            watch.sent();
            sending.unlock();
        }
    }

    /// Starts the thread that [#queue] needs.
    void startQueue() {
        if (thread == null) {
            thread = Thread.ofPlatform().name(threadName).daemon().start(this::sendQueued);
        }
    }

    /// Hands over a reply. Never waits.
    void queue(Finished reply) {
        finished.add(reply);
    }

    /// Ends the thread after everything queued so far.
    void end() {
        if (thread != null) {
            finished.add(END);
        }
    }

    private void sendQueued() {
        ByteBuffer gathered = inFlight.takeConnectionBuffer();
        List<Finished> batch = new ArrayList<>(GATHER_COUNT_MAX);
        boolean ended = false;
        while (!ended) {
            try {
                batch.add(finished.take());
            } catch (InterruptedException _) {
                continue; // Nobody interrupts it; a reply in the queue must still go out.
            }
            finished.drainTo(batch, GATHER_COUNT_MAX - 1);
            ended = batch.remove(END);
            sendBatch(batch, gathered);
            batch.forEach(each -> each.afterwards().run());
            batch.clear();
        }
        inFlight.giveBackConnectionBuffer(gathered);
    }

    private void sendBatch(List<Finished> batch, ByteBuffer gathered) {
        if (broken) {
            return;
        }
        try {
            gathered.clear();
            for (Finished each : batch) {
                ByteBuffer reply = each.reply();
                boolean copied = reply.remaining() <= COPIED_BYTES_MAX;
                if (!copied || reply.remaining() > gathered.remaining()) {
                    sendGathered(gathered);
                }
                if (copied) {
                    gathered.put(reply);
                } else {
                    send(reply);
                }
            }
            sendGathered(gathered);
        } catch (IOException gone) {
            // The reading thread meets the same end; replies to come are dropped.
            broken = true;
        }
    }

    private void sendGathered(ByteBuffer gathered) throws IOException {
        if (gathered.position() > 0) {
            send(gathered.flip());
            gathered.clear();
        }
    }
}
