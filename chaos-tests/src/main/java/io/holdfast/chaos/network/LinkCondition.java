package io.holdfast.chaos.network;

/// What is wrong with a link. Immutable.
///
/// @param isCut nothing passes
/// @param dropsCloses TCP segments that end a connection (FIN, RST) vanish: the other end stays half open
/// @param lossPerMille share of frames that vanish
/// @param delayMicros every frame arrives so much later
/// @param jitterMicros up to so much more, chosen per frame: frames overtake each other
/// @param duplicatePerMille share of frames that arrive twice
/// @param corruptPerMille share of frames with one flipped bit behind the Ethernet header
/// @param bitsPerSecond bandwidth, 0 for unlimited
public record LinkCondition(
        boolean isCut,
        boolean dropsCloses,
        int lossPerMille,
        int delayMicros,
        int jitterMicros,
        int duplicatePerMille,
        int corruptPerMille,
        long bitsPerSecond) {
    public static final LinkCondition GOOD = new LinkCondition(false, false, 0, 0, 0, 0, 0, 0);
    public static final LinkCondition CUT = new LinkCondition(true, false, 0, 0, 0, 0, 0, 0);
    public static final LinkCondition HALF_OPEN = new LinkCondition(false, true, 0, 0, 0, 0, 0, 0);

    public static LinkCondition lossy(int lossPerMille) {
        return new LinkCondition(false, false, lossPerMille, 0, 0, 0, 0, 0);
    }

    public static LinkCondition slow(int delayMicros, int jitterMicros) {
        return new LinkCondition(false, false, 0, delayMicros, jitterMicros, 0, 0, 0);
    }

    public static LinkCondition unreliable(int duplicatePerMille, int corruptPerMille) {
        return new LinkCondition(false, false, 0, 0, 0, duplicatePerMille, corruptPerMille, 0);
    }

    public static LinkCondition narrow(long bitsPerSecond) {
        return new LinkCondition(false, false, 0, 0, 0, 0, 0, bitsPerSecond);
    }

    /// Both at once: the worse of each property.
    public LinkCondition and(LinkCondition other) {
        return new LinkCondition(
                isCut || other.isCut,
                dropsCloses || other.dropsCloses,
                Math.max(lossPerMille, other.lossPerMille),
                Math.max(delayMicros, other.delayMicros),
                Math.max(jitterMicros, other.jitterMicros),
                Math.max(duplicatePerMille, other.duplicatePerMille),
                Math.max(corruptPerMille, other.corruptPerMille),
                bitsPerSecond == 0 || other.bitsPerSecond == 0
                        ? Math.max(bitsPerSecond, other.bitsPerSecond)
                        : Math.min(bitsPerSecond, other.bitsPerSecond));
    }

    /// Whether nothing passes, cut or lost.
    public boolean passesNothing() {
        return isCut || lossPerMille >= 1_000;
    }

    /// Whether frames have to be held back or changed, which a packet filter cannot.
    public boolean needsSwitch() {
        return delayMicros > 0 || jitterMicros > 0 || duplicatePerMille > 0 || corruptPerMille > 0
                || bitsPerSecond > 0;
    }
}
