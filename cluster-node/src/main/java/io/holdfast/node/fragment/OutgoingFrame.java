package io.holdfast.node.fragment;

import io.holdfast.node.fragment.wire.FragmentAnswer;
import io.holdfast.node.fragment.wire.FragmentRequest;
import io.holdfast.node.fragment.wire.FrameHeader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// A frame that is to be sent.
///
/// @param header what stands before the payload
/// @param payload writes the payload
record OutgoingFrame(FrameHeader header, Consumer<ByteBuffer> payload) {
    static OutgoingFrame of(FragmentRequest request, int disk, long correlation) {
        return new OutgoingFrame(
                new FrameHeader(request.payloadBytes(), request.kind(), disk, correlation), request::write);
    }

    static OutgoingFrame of(FragmentAnswer answer, long correlation) {
        return new OutgoingFrame(
                new FrameHeader(answer.payloadBytes(), answer.kind(), 0, correlation), answer::write);
    }

    int bytes() {
        return FrameHeader.BYTES + header.payloadBytes();
    }

    void write(ByteBuffer target) {
        header.write(target);
        payload.accept(target);
    }
}
