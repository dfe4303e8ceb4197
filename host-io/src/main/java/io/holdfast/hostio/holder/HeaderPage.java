package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.StripHeader;
import java.util.List;

/// A part of a fragment's strip headers, by row. Strips whose header cannot be read are left out: they are
/// as good as lost.
///
/// @param headers in the order of rows
/// @param nextRow where the next part begins; [#END] if there is none
public record HeaderPage(List<StripHeader> headers, int nextRow) {
    public static final int END = -1;

    public HeaderPage {
        headers = List.copyOf(headers);
    }

    public boolean isLast() {
        return nextRow == END;
    }
}
