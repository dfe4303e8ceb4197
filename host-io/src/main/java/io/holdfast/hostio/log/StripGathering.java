package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.StripNotFoundException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripKind;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.row.RowDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Strips of one row as they come in from several holders, until there are enough to compute the others.
/// Concurrent.
final class StripGathering {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Strip> strips = new ArrayList<>();
    private @Nullable ChunkStoreException failure;
    private int outstanding;
    /// How many holders may have a strip after all: they did not answer, or could not.
    private int silent;

    StripGathering(int asked) {
        outstanding = asked;
    }

    /// @param isGivenUp whether nothing is expected of this holder any more
    void arrived(StripAnswer answer, boolean isGivenUp) {
        lock.lock();
        try {
            outstanding--;
            silent += isFinal(answer) || isGivenUp ? 0 : 1;
            switch (answer) {
                case StripAnswer.Found found -> {
                    if (found.header().kind() != StripKind.NOTE) {
                        strips.add(new Strip(found.header(), direct(found.bytes())));
                    }
                }
                case StripAnswer.Failed failed -> failure = failed.reason();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether asking again would give the same.
    static boolean isFinal(StripAnswer answer) {
        return switch (answer) {
            case StripAnswer.Found _ -> true;
            case StripAnswer.Failed(ChunkStoreException reason) -> reason instanceof CorruptDataException
                    || reason instanceof FragmentNotFoundException
                    || reason instanceof StripNotFoundException;
        };
    }

    /// Whether every holder has answered, and none of them could have more to say later.
    boolean isFinal() {
        lock.lock();
        try {
            return outstanding == 0 && silent == 0;
        } finally {
            lock.unlock();
        }
    }

    private static ByteBuffer direct(ByteBuffer bytes) {
        return bytes.isDirect()
                ? bytes
                : ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    /// Waits until there are enough strips, or no hope for more, or the time is over.
    ///
    /// @return the strips: enough, or too few
    List<Strip> await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!isEnough() && outstanding > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return List.copyOf(strips);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.copyOf(strips);
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnough() {
        return isEnough(strips);
    }

    static boolean isEnough(List<Strip> strips) {
        return !strips.isEmpty()
                && strips.size() >= RowDecoder.stripsNeeded(strips.getFirst().header());
    }

    /// Why one of the holders had no strip, if one said so.
    String reason() {
        lock.lock();
        try {
            return failure == null ? "no answer" : String.valueOf(failure.getMessage());
        } finally {
            lock.unlock();
        }
    }
}
