package io.holdfast.hostio.erasure;

/// Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11d) and the generator 2, as
/// ISA-L and most storage systems use it. Elements are ints from 0 to 255; adding is XOR.
final class GaloisField {
    static final int SIZE = 256;
    private static final int POLYNOMIAL = 0x11d;
    private static final int ORDER = SIZE - 1;
    private static final int[] LOGARITHM = new int[SIZE];
    private static final int[] POWER = new int[2 * ORDER];

    static {
        int value = 1;
        for (int exponent = 0; exponent < ORDER; exponent++) {
            POWER[exponent] = value;
            POWER[exponent + ORDER] = value;
            LOGARITHM[value] = exponent;
            value <<= 1;
            if (value >= SIZE) {
                value ^= POLYNOMIAL;
            }
        }
    }

    private GaloisField() {}

    static int multiply(int left, int right) {
        return left == 0 || right == 0 ? 0 : POWER[LOGARITHM[left] + LOGARITHM[right]];
    }

    static int inverse(int value) {
        if (value == 0) {
            throw new ArithmeticException("zero has no inverse");
        }
        return POWER[ORDER - LOGARITHM[value]];
    }
}
