package io.holdfast.chaos.powercut;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Which cuts are made of a recording, by a seed. Immutable.
///
/// @param from the first position of which there may be one
/// @param to the last
/// @param acknowledgements positions at which something had just been acknowledged; half of the cuts are
///     there, where too early an acknowledgement shows
public record CutPlan(int from, int to, List<Integer> acknowledgements) {
    private static final List<Loss> LOSSES = List.of(Loss.values());

    public CutPlan {
        acknowledgements = acknowledgements.stream().filter(at -> at >= from && at <= to).toList();
        if (from > to) {
            throw new IllegalArgumentException("nothing was recorded: from=" + from + " to=" + to);
        }
    }

    /// So many of them, in order of position.
    public List<PowerCut> cuts(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PowerCut> cuts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isAtAcknowledgement = i % 2 == 0 && !acknowledgements.isEmpty();
            int position = isAtAcknowledgement
                    ? acknowledgements.get(random.nextInt(acknowledgements.size()))
                    : random.nextInt(from, to + 1);
            Loss loss = LOSSES.get(random.nextInt(LOSSES.size()));
            cuts.add(new PowerCut(position, loss, random.nextLong()));
        }
        cuts.sort(Comparator.comparingInt(PowerCut::position));
        return cuts;
    }
}
