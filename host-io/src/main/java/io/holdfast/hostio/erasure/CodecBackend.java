package io.holdfast.hostio.erasure;

/// A way to multiply strips by a matrix. All back-ends give the same bytes. Concurrent.
sealed interface CodecBackend permits IsalBackend, VectorBackend, TableBackend {
    String name();

    /// Prepares whatever the back-end needs to apply the matrix many times.
    StripTransform transform(CodingMatrix matrix);
}
