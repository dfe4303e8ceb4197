package io.holdfast.hostio.container;

/// What a container's memory costs the machine.
///
/// @param residentBytes of all its processes, as if each had its pages alone
/// @param proportionalBytes a page that several mappings have counts in equal parts for each of them; the
/// sum
///     over all containers is what they really take
/// @param mergedBytes kept once by the kernel for several mappings with equal pages
public record ContainerMemory(long residentBytes, long proportionalBytes, long mergedBytes) {
    public static final ContainerMemory NONE = new ContainerMemory(0, 0, 0);

    public ContainerMemory plus(ContainerMemory other) {
        return new ContainerMemory(
                residentBytes + other.residentBytes,
                proportionalBytes + other.proportionalBytes,
                mergedBytes + other.mergedBytes);
    }
}
