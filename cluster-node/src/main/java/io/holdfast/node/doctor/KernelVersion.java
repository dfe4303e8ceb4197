package io.holdfast.node.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two numbers of a version that decide what it can do, such as 6.16 of `6.16.3-generic`.
record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

    /// The first version in a text; 0.0 if there is none.
    static KernelVersion in(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.find()
                ? new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new KernelVersion(0, 0);
    }

    static KernelVersion of(Host host) {
        return in(host.read("/proc/sys/kernel/osrelease").orElse(""));
    }

    boolean isAtLeast(int otherMajor, int otherMinor) {
        return compareTo(new KernelVersion(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(KernelVersion other) {
        return major == other.major
                ? Integer.compare(minor, other.minor)
                : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
