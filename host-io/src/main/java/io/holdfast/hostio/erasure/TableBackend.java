package io.holdfast.hostio.erasure;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One table look-up per byte and coefficient: slow, but at once at its full speed, so it serves until the
/// vector code is compiled, on processors without vectors, and as the reference in tests.
final class TableBackend implements CodecBackend {
    @Override
    public String name() {
        return "table";
    }

    @Override
    public StripTransform transform(CodingMatrix matrix) {
        byte[][] tables = new byte[matrix.rows() * matrix.columns()][];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = products(matrix.at(i / matrix.columns(), i % matrix.columns()));
        }
        return (sources, targets, stripBytes) -> {
            for (int row = 0; row < targets.length; row++) {
                for (int column = 0; column < sources.length; column++) {
                    byte[] table = tables[row * sources.length + column];
                    multiply(table, sources[column], targets[row], stripBytes, column > 0);
                }
                if (sources.length == 0) {
                    targets[row].asSlice(0, stripBytes).fill((byte) 0);
                }
            }
        };
    }

    static byte[] products(int coefficient) {
        byte[] products = new byte[GaloisField.SIZE];
        for (int value = 0; value < products.length; value++) {
            products[value] = (byte) GaloisField.multiply(coefficient, value);
        }
        return products;
    }

    static void multiply(byte[] table, MemorySegment source, MemorySegment target, int bytes, boolean add) {
        multiply(table, source, target, 0, bytes, add);
    }

    static void multiply(
            byte[] table, MemorySegment source, MemorySegment target, int from, int to, boolean add) {
        for (int i = from; i < to; i++) {
            byte product = table[source.get(ValueLayout.JAVA_BYTE, i) & 0xff];
            byte sum = add ? (byte) (product ^ target.get(ValueLayout.JAVA_BYTE, i)) : product;
            target.set(ValueLayout.JAVA_BYTE, i, sum);
        }
    }
}
