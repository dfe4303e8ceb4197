package io.holdfast.hostio.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Collects what a process prints, up to a bound; the rest is read (so that the process does not stall) and
/// counted. Guarded by itself: its reader thread appends, the caller takes the text.
final class BoundedCapture {
    /// Which part of an output that is too long is worth keeping.
    enum Keep {
        BEGINNING,
        END
    }

    private static final int READ_BYTES = 8 * 1024;

    private final Keep keep;
    private final int bytesMax;
    private ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long droppedBytes;

    BoundedCapture(Keep keep, int bytesMax) {
        this.keep = keep;
        this.bytesMax = bytesMax;
    }

    /// Reads to the end of the stream; ends quietly if the stream is closed under it.
    void drain(InputStream stream) {
        byte[] buffer = new byte[READ_BYTES];
        try (stream) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                append(buffer, count);
            }
        } catch (IOException closed) {
            // The process is gone and its pipe with it: what was read before is what there is.
            return;
        }
    }

    private synchronized void append(byte[] buffer, int count) {
        switch (keep) {
            case BEGINNING -> {
                int taken = Math.min(count, bytesMax - kept.size());
                kept.write(buffer, 0, taken);
                droppedBytes += count - taken;
            }
            case END -> {
                kept.write(buffer, 0, count);
                if (kept.size() > bytesMax + bytesMax / 2 + READ_BYTES) {
                    trimToEnd();
                }
            }
        }
    }

    private void trimToEnd() {
        byte[] all = kept.toByteArray();
        int surplus = all.length - bytesMax;
        if (surplus > 0) {
            kept = new ByteArrayOutputStream();
            kept.write(all, surplus, bytesMax);
            droppedBytes += surplus;
        }
    }

    synchronized String text() {
        trimToEnd();
        return kept.toString(StandardCharsets.UTF_8);
    }

    synchronized long droppedBytes() {
        trimToEnd();
        return droppedBytes;
    }
}
