package io.holdfast.hostio.chunkstore;

import java.util.Arrays;

/// Where each strip of one fragment lies, by row: 12 bytes each. Not concurrent; guarded by the fragment.
final class RowIndex {
    static final int BYTES_PER_ROW = 3 * Integer.BYTES;
    private static final int CAPACITY_MIN = 16;

    private int[] rows = new int[CAPACITY_MIN];
    private int[] headers = new int[CAPACITY_MIN];
    private int[] payloads = new int[CAPACITY_MIN];
    private int count;

    /// @param header where the strip's header lies in the fragment, in units of 256 bytes
    /// @param payload where its payload lies, in units of 4 KiB
    void put(int row, int header, int payload) {
        int at = find(row);
        if (at < 0) {
            at = -at - 1;
            makeRoom(at);
            rows[at] = row;
        }
        headers[at] = header;
        payloads[at] = payload;
    }

    /// The position of the row in the index, or a negative number.
    int find(int row) {
        if (count == 0 || row > rows[count - 1]) {
            return -count - 1; // The usual case of an append.
        }
        return Arrays.binarySearch(rows, 0, count, row);
    }

    /// The position of the first row that is not below.
    int ceiling(int row) {
        int at = find(row);
        return at < 0 ? -at - 1 : at;
    }

    int count() {
        return count;
    }

    int row(int at) {
        return rows[at];
    }

    int header(int at) {
        return headers[at];
    }

    int payload(int at) {
        return payloads[at];
    }

    int bytes() {
        return rows.length * BYTES_PER_ROW;
    }

    void removeFrom(int rowLimit) {
        count = ceiling(rowLimit);
    }

    private void makeRoom(int at) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, count * 2);
            headers = Arrays.copyOf(headers, count * 2);
            payloads = Arrays.copyOf(payloads, count * 2);
        }
        System.arraycopy(rows, at, rows, at + 1, count - at);
        System.arraycopy(headers, at, headers, at + 1, count - at);
        System.arraycopy(payloads, at, payloads, at + 1, count - at);
        count++;
    }
}
