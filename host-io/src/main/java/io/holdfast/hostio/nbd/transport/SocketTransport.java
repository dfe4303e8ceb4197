package io.holdfast.hostio.nbd.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Plain bytes over a socket. To be used from platform threads: a virtual thread would switch the socket to
/// non-blocking, which costs two more system calls for every read.
public final class SocketTransport implements Transport {
    private final SocketChannel channel;

    public SocketTransport(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        return channel.read(destination);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
