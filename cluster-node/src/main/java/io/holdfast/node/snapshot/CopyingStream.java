package io.holdfast.node.snapshot;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Copies what is read from a stream to another place, which is not closed. Confined to its reader.
final class CopyingStream extends FilterInputStream {
    private final OutputStream copy;

    CopyingStream(InputStream source, OutputStream copy) {
        super(source);
        this.copy = copy;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            copy.write(value);
        }
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) {
            copy.write(bytes, offset, count);
        }
        return count;
    }

    @Override
    public long skip(long count) {
        throw new UnsupportedOperationException("what is skipped would be missing");
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
