package io.holdfast.node.cli.tour;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/// What the tour tells: scenes with their times, what was done and seen, and whether each check held.
/// Confined to the tour's thread.
final class Narration {
    private final PrintWriter out;
    private final LongSupplier nanoClock;
    private final long startedAt;
    private long sceneStartedAt;
    private int sceneCount;
    private int checkCount;
    private int brokenCount;

    Narration(PrintWriter out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
        this.startedAt = nanoClock.getAsLong();
    }

    /// Ends the scene before and begins another.
    void scene(String title) {
        endScene();
        sceneCount++;
        sceneStartedAt = nanoClock.getAsLong();
        line("");
        line(sceneCount + ". " + title);
    }

    void tell(String text) {
        line("   " + text);
    }

    /// Says what must be so and whether it is.
    void check(boolean held, String what) {
        checkCount++;
        brokenCount += held ? 0 : 1;
        line((held ? "   [ok] " : "   [NOT SO] ") + what);
    }

    /// Ends the tour.
    void end() {
        endScene();
        line("");
        line(String.format(
                Locale.ROOT,
                "%s: %d of %d checks held, %s.",
                isAllSo() ? "All of it is so" : "Something is not so",
                checkCount - brokenCount,
                checkCount,
                seconds(nanoClock.getAsLong() - startedAt)));
    }

    boolean isAllSo() {
        return brokenCount == 0 && checkCount > 0;
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    private void endScene() {
        if (sceneCount > 0) {
            tell("took " + seconds(nanoClock.getAsLong() - sceneStartedAt));
        }
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }
}
