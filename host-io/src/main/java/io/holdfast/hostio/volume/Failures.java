package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.hostio.log.Answers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What went wrong in the log, as users of a device know it.
final class Failures {
    private Failures() {}

    static BlockDeviceException of(Throwable failure) {
        if (failure instanceof BlockDeviceException known) {
            return known;
        }
        Throwable reason = Answers.reason(failure);
        String message = String.valueOf(reason.getMessage());
        return reason instanceof io.holdfast.hostio.chunkstore.FencedException
                ? new FencedException(message, reason)
                : new DeviceIoException(message, reason);
    }

    /// Waits as long as it takes: a writer waits until enough holders are up again.
    static void await(CompletableFuture<Void> done) {
        try {
            done.get();
        } catch (ExecutionException failure) {
            throw of(failure);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new DeviceIoException("interrupted while waiting for the log");
        }
    }
}
