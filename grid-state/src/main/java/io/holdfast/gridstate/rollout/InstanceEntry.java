package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;

/// An instance of an object.
///
/// @param link its link
/// @param generation where the link is
/// @param generationBefore where it was before the last move; equal if it never moved
/// @param verdict on its health at `generation`
public record InstanceEntry(LinkId link, int generation, int generationBefore, Verdict verdict) {
    public InstanceEntry {
        Check.range("a generation", generation, 1, Integer.MAX_VALUE);
        Check.range("a generation before", generationBefore, 1, Integer.MAX_VALUE);
    }

    InstanceEntry movedTo(int newGeneration) {
        return new InstanceEntry(link, newGeneration, generation, new Verdict.Pending());
    }

    InstanceEntry withVerdict(Verdict newVerdict) {
        return new InstanceEntry(link, generation, generationBefore, newVerdict);
    }

    InstanceEntry withLink(LinkId newLink) {
        return new InstanceEntry(newLink, generation, generationBefore, verdict);
    }
}
