package io.holdfast.hostio.image;

import io.holdfast.hostio.image.RegistryCalls.Answer;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bytes of a download, asked for again from where they broke off. Confined to its reader.
final class ResumingInput extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(ResumingInput.class);

    /// Breaks in a row without a byte in between.
    private static final int FAILURES_MAX = 5;

    private final Download download;
    private final String what;
    private @Nullable Answer answer;
    private long position;
    private int failures;

    /// Asks for the bytes from an offset on.
    @FunctionalInterface
    interface Download {
        Answer from(long offset) throws IOException;
    }

    /// Asks at once, so that what is not there is known before anything is made of it.
    ResumingInput(Download download, String what) throws IOException {
        this.download = download;
        this.what = what;
        this.answer = download.from(0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            try {
                int read = current().body().read(bytes, offset, length);
                position += Math.max(0, read);
                failures = read > 0 ? 0 : failures;
                return read;
            } catch (ImageException refused) {
                throw refused;
            } catch (IOException broken) {
                close();
                failures++;
                if (failures > FAILURES_MAX) {
                    throw broken;
                }
                LOG.info("a download broke off and is resumed: what={} position={} reason={}", what, position,
                        broken.getMessage());
            }
        }
    }

    private Answer current() throws IOException {
        Answer open = answer;
        if (open == null) {
            open = download.from(position);
            answer = open;
            long begun = open.isPartial() ? position : 0;
            open.body().skipNBytes(position - begun);
        }
        return open;
    }

    @Override
    public void close() {
        Answer open = answer;
        answer = null;
        if (open != null) {
            open.close();
        }
    }
}
