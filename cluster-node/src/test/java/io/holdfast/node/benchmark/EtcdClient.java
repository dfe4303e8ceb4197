package io.holdfast.node.benchmark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/// The least of an etcd v3 client: puts a key over gRPC, with the gRPC library that the ledger brings along.
/// The message's form is that of `PutRequest` in etcd's `rpc.proto` (field 1 key, field 2 value).
final class EtcdClient implements AutoCloseable {
    private static final MethodDescriptor<byte[], byte[]> PUT = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("etcdserverpb.KV/Put")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final ManagedChannel channel;

    EtcdClient(String host, int port) {
        channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().directExecutor().build();
    }

    CompletableFuture<byte[]> put(byte[] key, byte[] value) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                channel.newCall(PUT, CallOptions.DEFAULT), request(key, value), new StreamObserver<byte[]>() {
                    @Override
                    public void onNext(byte[] response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        return answer;
    }

    private static byte[] request(byte[] key, byte[] value) {
        if (key.length > 127 || value.length > 127) {
            throw new IllegalArgumentException(
                    "one-byte lengths only: key=" + key.length + " value=" + value.length);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(key.length + value.length + 4);
        out.write(0x0a);
        out.write(key.length);
        out.writeBytes(key);
        out.write(0x12);
        out.write(value.length);
        out.writeBytes(value);
        return out.toByteArray();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
