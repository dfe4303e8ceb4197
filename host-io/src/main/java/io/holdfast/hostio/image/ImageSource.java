package io.holdfast.hostio.image;

import java.io.IOException;
import java.io.InputStream;

/// A place that an image comes from. What it gives is not to be trusted: its readers check it.
public interface ImageSource extends AutoCloseable {
    /// Which manifest or index the reference means now.
    ///
    /// @param platform decides where the reference leaves a choice
    /// @throws ImageException if there is none
    Blob resolve(Platform platform) throws IOException;

    /// The bytes of a piece, from its beginning.
    InputStream open(Blob blob) throws IOException;

    @Override
    void close() throws IOException;
}
