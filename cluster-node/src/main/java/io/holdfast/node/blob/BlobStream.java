package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// A blob from its beginning to its end, some pieces of it under way at any time. Confined to its reader;
/// the pieces are fetched by the executor. What is under way when it is closed comes to its end and is
/// dropped: a thread that reads a file must not be interrupted.
final class BlobStream extends InputStream {
    /// What is fetched at once.
    static final int PIECE_BYTES = 1 << 20;

    /// Pieces under way or waiting to be taken.
    static final int PIECES_MAX = 4;

    private final StoredBlob blob;
    private final Source source;
    private final Executor executor;
    private final Optional<MessageDigest> digest;
    private final ArrayDeque<CompletableFuture<ByteBuffer>> ahead = new ArrayDeque<>();
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long asked;
    private long taken;
    private boolean isClosed;

    /// Reads a part of the blob.
    @FunctionalInterface
    interface Source {
        void read(long position, ByteBuffer target) throws IOException;
    }

    /// @param isVerified whether the whole is compared with the blob's digest
    BlobStream(StoredBlob blob, Source source, Executor executor, boolean isVerified) {
        this.blob = blob;
        this.source = source;
        this.executor = executor;
        this.digest = isVerified ? Optional.of(sha256()) : Optional.empty();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!piece.hasRemaining() && !takePiece()) {
            return -1;
        }
        int part = Math.min(length, piece.remaining());
        piece.get(bytes, offset, part);
        return part;
    }

    /// Hands on whole pieces: a file that is written in small parts takes longer than all the rest.
    @Override
    public long transferTo(OutputStream out) throws IOException {
        long count = 0;
        while (piece.hasRemaining() || takePiece()) {
            out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
            count += piece.remaining();
            piece.position(piece.limit());
        }
        return count;
    }

    /// Whether there was one more. Nothing of the last piece is handed out before the whole is verified.
    private boolean takePiece() throws IOException {
        if (isClosed) {
            throw new IOException("the blob is closed: blob=" + blob);
        }
        if (taken == blob.lengthBytes()) {
            return false;
        }
        while (ahead.size() < PIECES_MAX && asked < blob.lengthBytes()) {
            ahead.add(fetch(asked, (int) Math.min(PIECE_BYTES, blob.lengthBytes() - asked)));
            asked += PIECE_BYTES;
        }
        try {
            ByteBuffer next = ahead.remove().join();
            taken += next.remaining();
            if (digest.isPresent()) {
                verify(digest.get(), next.duplicate());
            }
            piece = next;
            return true;
        } catch (CompletionException failure) {
            isClosed = true;
            throw failure.getCause() instanceof IOException known
                    ? known
                    : new IOException("a blob cannot be read: blob=" + blob, failure.getCause());
        }
    }

    private CompletableFuture<ByteBuffer> fetch(long position, int length) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                ByteBuffer target = ByteBuffer.allocate(length);
                source.read(position, target);
                return target.flip();
            } catch (IOException failure) {
                throw new CompletionException(failure);
            }
        }, executor);
    }

    /// Takes one piece more; compares, if it was the last.
    private void verify(MessageDigest digest, ByteBuffer next) throws BlobDamagedException {
        digest.update(next);
        if (taken < blob.lengthBytes()) {
            return;
        }
        String found = "sha256:" + HexFormat.of().formatHex(digest.digest());
        if (!found.equals(blob.digest().value())) {
            isClosed = true;
            throw new BlobDamagedException("a blob is not what was stored: blob=" + blob + " found=" + found);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        ahead.clear();
        piece = ByteBuffer.allocate(0);
    }
}
