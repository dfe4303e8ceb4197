package io.holdfast.hostio.image;

import java.util.ArrayList;
import java.util.List;

/// A name in a layer, relative to the layer's root.
///
/// @param steps none of them empty, `.` or `..`; none at all for the root itself
record LayerPath(List<String> steps) {
    private static final int STEP_COUNT_MAX = 256;
    private static final int CHARACTERS_MAX = 4_096;
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String RESERVED = ".wh..wh.";

    LayerPath {
        steps = List.copyOf(steps);
    }

    /// What a name means besides itself.
    enum Meaning {
        /// Itself.
        ENTRY,
        /// What has the rest of the name in lower layers is gone.
        WHITEOUT,
        /// What lower layers have in the folder is gone.
        OPAQUE,
        /// Something of a tool's own.
        RESERVED
    }

    /// Reads a name as an archive has it; an absolute one is meant from the layer's root.
    ///
    /// @throws ImageException if it cannot be a name or leads out of the layer
    static LayerPath parse(String name) throws ImageException {
        if (name.length() > CHARACTERS_MAX || name.indexOf('\0') >= 0 || name.indexOf('\uFFFD') >= 0) {
            throw ImageException.invalid("no name of a file, or not UTF-8");
        }
        List<String> steps = new ArrayList<>();
        for (String step : name.split("/", -1)) {
            if (step.equals("..")) {
                throw ImageException.invalid("the name leads out of its folder: name=" + name);
            }
            if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        if (steps.size() > STEP_COUNT_MAX) {
            throw ImageException.invalid("nested too deep: steps=" + steps.size());
        }
        return new LayerPath(steps);
    }

    boolean isRoot() {
        return steps.isEmpty();
    }

    /// The last step; `.` of the root.
    String name() {
        return isRoot() ? "." : steps.getLast();
    }

    LayerPath parent() {
        return new LayerPath(steps.subList(0, Math.max(0, steps.size() - 1)));
    }

    Meaning meaning() {
        if (name().equals(OPAQUE)) {
            return Meaning.OPAQUE;
        }
        if (name().startsWith(RESERVED)) {
            return Meaning.RESERVED;
        }
        return name().startsWith(WHITEOUT) ? Meaning.WHITEOUT : Meaning.ENTRY;
    }

    /// What a whiteout is of.
    LayerPath hidden() throws ImageException {
        String name = name().substring(WHITEOUT.length());
        LayerPath hidden = parse(name);
        if (hidden.isRoot()) {
            throw ImageException.invalid("a whiteout of nothing");
        }
        List<String> sibling = new ArrayList<>(parent().steps());
        sibling.add(name);
        return new LayerPath(sibling);
    }

    /// Relative; `.` for the root.
    @Override
    public String toString() {
        return isRoot() ? "." : String.join("/", steps);
    }
}
