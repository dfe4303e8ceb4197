package io.holdfast.hostio.erasure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many strips a row has: `2+1` is two data strips and one parity strip. Replication is k = 1.
///
/// @param dataStrips k, 1 to [#DATA_STRIPS_MAX]
/// @param parityStrips m, the number of losses that a row survives, 0 to [#PARITY_STRIPS_MAX]
public record ErasureProfile(int dataStrips, int parityStrips) {
    public static final int DATA_STRIPS_MAX = 16;
    public static final int PARITY_STRIPS_MAX = 4;

    private static final Pattern FORM = Pattern.compile("(\\d{1,2})\\+(\\d{1,2})");

    public ErasureProfile {
        if (dataStrips < 1 || dataStrips > DATA_STRIPS_MAX) {
            throw new IllegalArgumentException(
                    "a profile has 1 to " + DATA_STRIPS_MAX + " data strips: dataStrips=" + dataStrips);
        }
        if (parityStrips < 0 || parityStrips > PARITY_STRIPS_MAX) {
            throw new IllegalArgumentException(
                    "a profile has 0 to " + PARITY_STRIPS_MAX + " parity strips: parityStrips="
                            + parityStrips);
        }
    }

    /// Reads what [#toString()] writes, such as `4+2`.
    public static ErasureProfile parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a profile is written k+m, such as 4+2: text=" + text);
        }
        return new ErasureProfile(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    public int strips() {
        return dataStrips + parityStrips;
    }

    @Override
    public String toString() {
        return dataStrips + "+" + parityStrips;
    }
}
