package io.holdfast.chaos.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A client of a network block device over a unix socket, by the protocol's document alone (fixed newstyle
/// negotiation, simple replies). Answers may come long after the caller has stopped waiting for them.
/// Concurrent: a thread of its own takes the answers; senders take turns under a lock.
public final class NbdConnection implements AutoCloseable {
    private static final long INIT_MAGIC = 0x4e42444d41474943L;
    private static final long OPTION_MAGIC = 0x49484156454f5054L;
    private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int NEWSTYLE_NO_ZEROES = 3;
    private static final int OPTION_GO = 7;
    private static final int REPLY_ACK = 1;
    private static final int REPLY_INFO = 3;
    private static final short INFO_DESCRIPTION = 2;
    private static final int REPLY_BYTES_MAX = 1 << 16;
    private static final short READ = 0;
    private static final short WRITE = 1;
    private static final short FLUSH = 3;
    private static final short FORCE_UNIT_ACCESS = 1;

    private final SocketChannel channel;
    private final ReentrantLock sending = new ReentrantLock();
    private final Map<Long, Request> requests = new ConcurrentHashMap<>();
    private final AtomicLong nextCookie = new AtomicLong();
    private final CompletableFuture<NbdConnection> opened = new CompletableFuture<>();

    private volatile String description = "";

    private record Request(int replyBytes, CompletableFuture<byte[]> answer) {}

    private NbdConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /// Connects and asks for the export.
    ///
    /// @throws IOException if nobody listens, the export is refused, or neither is known in time
    public static NbdConnection open(Path socket, String export, Duration limit)
            throws IOException, InterruptedException {
        NbdConnection connection = new NbdConnection(SocketChannel.open(StandardProtocolFamily.UNIX));
        Thread.ofVirtual().name("nbd-" + export).start(() -> connection.run(socket, export));
        try {
            return connection.opened.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            connection.close();
            throw new IOException("no export " + export + " at " + socket, e.getCause());
        } catch (TimeoutException e) {
            connection.close();
            throw new IOException("no answer from " + socket, e);
        }
    }

    /// What the server says about the export.
    public String description() {
        return description;
    }

    /// So many bytes from an offset.
    public CompletableFuture<byte[]> read(long offset, int length) {
        return send(READ, (short) 0, offset, length, new byte[0]);
    }

    /// Writes; with `isDurable` the answer says that it is safe.
    public CompletableFuture<byte[]> write(long offset, byte[] content, boolean isDurable) {
        return send(WRITE, isDurable ? FORCE_UNIT_ACCESS : 0, offset, content.length, content);
    }

    /// What was written before, and answered, is safe once this is answered.
    public CompletableFuture<byte[]> flush() {
        return send(FLUSH, (short) 0, 0, 0, new byte[0]);
    }

    private CompletableFuture<byte[]> send(short type, short flags, long offset, int length, byte[] content) {
        long cookie = nextCookie.incrementAndGet();
        Request request = new Request(type == READ ? length : 0, new CompletableFuture<>());
        requests.put(cookie, request);
        ByteBuffer frame = ByteBuffer.allocate(28 + content.length)
                .putInt(REQUEST_MAGIC).putShort(flags).putShort(type)
                .putLong(cookie).putLong(offset).putInt(length).put(content).flip();
        sending.lock();
        try {
            write(frame);
        } catch (IOException e) {
            request.answer().completeExceptionally(e);
        } finally {
            sending.unlock();
        }
        return request.answer();
    }

    private void run(Path socket, String export) {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            negotiate(export);
            opened.complete(this);
            while (true) {
                takeReply();
            }
        } catch (IOException e) {
            opened.completeExceptionally(e);
            requests.values().forEach(request -> request.answer().completeExceptionally(e));
            close();
        }
    }

    private void negotiate(String export) throws IOException {
        if (receive(Long.BYTES).getLong() != INIT_MAGIC || receive(Long.BYTES).getLong() != OPTION_MAGIC) {
            throw new IOException("not a server of block devices");
        }
        receive(Short.BYTES);
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        write(ByteBuffer.allocate(28 + name.length)
                .putInt(NEWSTYLE_NO_ZEROES)
                .putLong(OPTION_MAGIC).putInt(OPTION_GO).putInt(name.length + 8)
                .putInt(name.length).put(name).putShort((short) 1).putShort(INFO_DESCRIPTION)
                .flip());
        int type;
        do {
            ByteBuffer header = receive(20);
            if (header.getLong() != OPTION_REPLY_MAGIC) {
                throw new IOException("not a reply to an option");
            }
            header.getInt();
            type = header.getInt();
            ByteBuffer text = receive(header.getInt());
            if (type < 0) {
                throw new IOException("refused: " + StandardCharsets.UTF_8.decode(text));
            }
            if (type == REPLY_INFO && text.getShort() == INFO_DESCRIPTION) {
                description = StandardCharsets.UTF_8.decode(text).toString();
            }
        } while (type != REPLY_ACK);
    }

    private void takeReply() throws IOException {
        ByteBuffer header = receive(16);
        if (header.getInt() != REPLY_MAGIC) {
            throw new IOException("not a reply");
        }
        int error = header.getInt();
        Request request = requests.remove(header.getLong());
        if (request == null) {
            throw new IOException("a reply to no request");
        }
        if (error != 0) {
            request.answer().completeExceptionally(new IOException("refused: error=" + error));
        } else {
            request.answer().complete(receive(request.replyBytes()).array());
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private ByteBuffer receive(int count) throws IOException {
        if (count < 0 || count > REPLY_BYTES_MAX) {
            throw new IOException("a reply of an unlikely size: bytes=" + count);
        }
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the server closed the connection");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be done with it.
            opened.completeExceptionally(e);
        }
    }
}
