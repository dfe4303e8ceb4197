package io.holdfast.hostio.erasure;

import java.util.Arrays;

/// A matrix over GF(2^8). Immutable.
final class CodingMatrix {
    private final int rows;
    private final int columns;
    private final byte[] coefficients;

    private CodingMatrix(int rows, int columns, byte[] coefficients) {
        this.rows = rows;
        this.columns = columns;
        this.coefficients = coefficients;
    }

    /// The systematic matrix of a profile: k rows of identity, then m Cauchy rows with 1 / (i XOR j) at row
    /// i and column j; ISA-L's `gf_gen_cauchy1_matrix`.
    static CodingMatrix cauchy(ErasureProfile profile) {
        int columns = profile.dataStrips();
        byte[] coefficients = new byte[profile.strips() * columns];
        for (int row = 0; row < profile.strips(); row++) {
            for (int column = 0; column < columns; column++) {
                int identity = row == column ? 1 : 0;
                coefficients[row * columns + column] =
                        (byte) (row < columns ? identity : GaloisField.inverse(row ^ column));
            }
        }
        return new CodingMatrix(profile.strips(), columns, coefficients);
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    int at(int row, int column) {
        return coefficients[row * columns + column] & 0xff;
    }

    /// All coefficients, row by row; a copy.
    byte[] toBytes() {
        return coefficients.clone();
    }

    CodingMatrix selectRows(int... selected) {
        byte[] result = new byte[selected.length * columns];
        for (int i = 0; i < selected.length; i++) {
            System.arraycopy(coefficients, selected[i] * columns, result, i * columns, columns);
        }
        return new CodingMatrix(selected.length, columns, result);
    }

    CodingMatrix selectColumns(int... selected) {
        byte[] result = new byte[rows * selected.length];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < selected.length; i++) {
                result[row * selected.length + i] = coefficients[row * columns + selected[i]];
            }
        }
        return new CodingMatrix(rows, selected.length, result);
    }

    CodingMatrix times(CodingMatrix right) {
        if (columns != right.rows) {
            throw new IllegalArgumentException("columns=" + columns + " rows=" + right.rows);
        }
        byte[] result = new byte[rows * right.columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < right.columns; column++) {
                int sum = 0;
                for (int i = 0; i < columns; i++) {
                    sum ^= GaloisField.multiply(at(row, i), right.at(i, column));
                }
                result[row * right.columns + column] = (byte) sum;
            }
        }
        return new CodingMatrix(rows, right.columns, result);
    }

    /// The inverse of a square matrix, by Gauss and Jordan.
    ///
    /// @throws ArithmeticException if there is none, which no choice of k rows of a Cauchy matrix gives
    CodingMatrix invert() {
        if (rows != columns) {
            throw new IllegalArgumentException("only square matrices: rows=" + rows + " columns=" + columns);
        }
        int[][] left = new int[rows][rows];
        int[][] right = new int[rows][rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < rows; column++) {
                left[row][column] = at(row, column);
            }
            right[row][row] = 1;
        }
        for (int pivot = 0; pivot < rows; pivot++) {
            movePivot(left, right, pivot);
            int scale = GaloisField.inverse(left[pivot][pivot]);
            multiplyRow(left[pivot], scale);
            multiplyRow(right[pivot], scale);
            for (int row = 0; row < rows; row++) {
                int factor = left[row][pivot];
                if (row != pivot && factor != 0) {
                    addMultiple(left[row], left[pivot], factor);
                    addMultiple(right[row], right[pivot], factor);
                }
            }
        }
        byte[] result = new byte[rows * rows];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) right[i / rows][i % rows];
        }
        return new CodingMatrix(rows, rows, result);
    }

    private static void movePivot(int[][] left, int[][] right, int pivot) {
        int row = pivot;
        while (row < left.length && left[row][pivot] == 0) {
            row++;
        }
        if (row == left.length) {
            throw new ArithmeticException("the matrix has no inverse: column=" + pivot);
        }
        int[] swap = left[pivot];
        left[pivot] = left[row];
        left[row] = swap;
        swap = right[pivot];
        right[pivot] = right[row];
        right[row] = swap;
    }

    private static void multiplyRow(int[] row, int factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] = GaloisField.multiply(row[i], factor);
        }
    }

    private static void addMultiple(int[] target, int[] source, int factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= GaloisField.multiply(source[i], factor);
        }
    }

    @Override
    public String toString() {
        return "CodingMatrix[" + rows + "x" + columns + " " + Arrays.toString(coefficients) + "]";
    }
}
