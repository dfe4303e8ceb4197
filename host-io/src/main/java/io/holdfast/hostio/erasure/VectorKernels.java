package io.holdfast.hostio.erasure;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Multiplies one source strip by one coefficient per target and adds the products to 1 to 4 target strips.
///
/// A product is two look-ups, one per half of the byte, in tables of 16 entries that fill a vector. One
/// method per number of targets, each small enough that the compiler keeps every vector in a register:
/// written as one method with a loop over the targets the code is never compiled well and runs a hundred
/// times slower. The methods are alike on purpose.
final class VectorKernels {
    static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /// Table bytes per coefficient: the products of the lower half, then of the upper half.
    static final int TABLE_BYTES = 2 * LANES;

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final byte LOW_HALF = 0x0f;
    private static final int HALF_BITS = 4;

    private VectorKernels() {}

    static byte[] tables(int... coefficients) {
        byte[] tables = new byte[coefficients.length * TABLE_BYTES];
        for (int i = 0; i < coefficients.length; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                int half = lane & LOW_HALF;
                tables[i * TABLE_BYTES + lane] = (byte) GaloisField.multiply(coefficients[i], half);
                tables[i * TABLE_BYTES + LANES + lane] =
                        (byte) GaloisField.multiply(coefficients[i], half << HALF_BITS);
            }
        }
        return tables;
    }

    static void add1(byte[] tables, MemorySegment source, MemorySegment p, int from, int to) {
        ByteVector pLow = table(tables, 0);
        ByteVector pHigh = table(tables, 1);
        for (int i = from; i < to; i += LANES) {
            ByteVector value = load(source, i);
            ByteVector low = value.and(LOW_HALF);
            ByteVector high = value.lanewise(VectorOperators.LSHR, HALF_BITS);
            sum(load(p, i), low.selectFrom(pLow), high.selectFrom(pHigh)).intoMemorySegment(p, i, ORDER);
        }
    }

    static void add2(
            byte[] tables, MemorySegment source, MemorySegment p, MemorySegment q, int from, int to) {
        ByteVector pLow = table(tables, 0);
        ByteVector pHigh = table(tables, 1);
        ByteVector qLow = table(tables, 2);
        ByteVector qHigh = table(tables, 3);
        for (int i = from; i < to; i += LANES) {
            ByteVector value = load(source, i);
            ByteVector low = value.and(LOW_HALF);
            ByteVector high = value.lanewise(VectorOperators.LSHR, HALF_BITS);
            sum(load(p, i), low.selectFrom(pLow), high.selectFrom(pHigh)).intoMemorySegment(p, i, ORDER);
            sum(load(q, i), low.selectFrom(qLow), high.selectFrom(qHigh)).intoMemorySegment(q, i, ORDER);
        }
    }

    static void add3(byte[] tables, MemorySegment source, MemorySegment[] targets, int from, int to) {
        MemorySegment p = targets[0];
        MemorySegment q = targets[1];
        MemorySegment r = targets[2];
        ByteVector pLow = table(tables, 0);
        ByteVector pHigh = table(tables, 1);
        ByteVector qLow = table(tables, 2);
        ByteVector qHigh = table(tables, 3);
        ByteVector rLow = table(tables, 4);
        ByteVector rHigh = table(tables, 5);
        for (int i = from; i < to; i += LANES) {
            ByteVector value = load(source, i);
            ByteVector low = value.and(LOW_HALF);
            ByteVector high = value.lanewise(VectorOperators.LSHR, HALF_BITS);
            sum(load(p, i), low.selectFrom(pLow), high.selectFrom(pHigh)).intoMemorySegment(p, i, ORDER);
            sum(load(q, i), low.selectFrom(qLow), high.selectFrom(qHigh)).intoMemorySegment(q, i, ORDER);
            sum(load(r, i), low.selectFrom(rLow), high.selectFrom(rHigh)).intoMemorySegment(r, i, ORDER);
        }
    }

    static void add4(byte[] tables, MemorySegment source, MemorySegment[] targets, int from, int to) {
        MemorySegment p = targets[0];
        MemorySegment q = targets[1];
        MemorySegment r = targets[2];
        MemorySegment s = targets[3];
        ByteVector pLow = table(tables, 0);
        ByteVector pHigh = table(tables, 1);
        ByteVector qLow = table(tables, 2);
        ByteVector qHigh = table(tables, 3);
        ByteVector rLow = table(tables, 4);
        ByteVector rHigh = table(tables, 5);
        ByteVector sLow = table(tables, 6);
        ByteVector sHigh = table(tables, 7);
        for (int i = from; i < to; i += LANES) {
            ByteVector value = load(source, i);
            ByteVector low = value.and(LOW_HALF);
            ByteVector high = value.lanewise(VectorOperators.LSHR, HALF_BITS);
            sum(load(p, i), low.selectFrom(pLow), high.selectFrom(pHigh)).intoMemorySegment(p, i, ORDER);
            sum(load(q, i), low.selectFrom(qLow), high.selectFrom(qHigh)).intoMemorySegment(q, i, ORDER);
            sum(load(r, i), low.selectFrom(rLow), high.selectFrom(rHigh)).intoMemorySegment(r, i, ORDER);
            sum(load(s, i), low.selectFrom(sLow), high.selectFrom(sHigh)).intoMemorySegment(s, i, ORDER);
        }
    }

    private static ByteVector table(byte[] tables, int index) {
        return ByteVector.fromArray(SPECIES, tables, index * LANES);
    }

    private static ByteVector load(MemorySegment memory, int offset) {
        return ByteVector.fromMemorySegment(SPECIES, memory, offset, ORDER);
    }

    private static ByteVector sum(ByteVector first, ByteVector second, ByteVector third) {
        return first.lanewise(VectorOperators.XOR, second).lanewise(VectorOperators.XOR, third);
    }
}
