package io.holdfast.node.fragment;

import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.node.fragment.wire.FragmentAnswer;
import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FrameHeader;
import java.util.concurrent.CompletableFuture;

/// A request that waits to be sent or answered.
///
/// @param bytes what it counts against the bound, a read's answer included
record PendingRequest(
        int disk,
        FragmentRequest request,
        int bytes,
        long startedNanos,
        long deadlineNanos,
        CompletableFuture<FragmentAnswer> answer) {
    static PendingRequest of(int disk, FragmentRequest request, long nowNanos, long timeoutNanos) {
        int bytes = FrameHeader.BYTES + request.payloadBytes()
                + (request instanceof FragmentRequest.Read read ? (int) read.answerBytesMax() : 0);
        return new PendingRequest(
                disk, request, bytes, nowNanos, nowNanos + timeoutNanos, new CompletableFuture<>());
    }

    void fail(String reason) {
        answer.completeExceptionally(new StoreUnavailableException(reason));
    }
}
