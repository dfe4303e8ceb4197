package io.holdfast.chaos.checker;

/// What the only writer of a block learned of it, in the order in which it learned it.
public sealed interface BlockEvent {
    long block();

    /// The node that the writer was connected to.
    String node();

    /// A version is safe: the node said so after a flush.
    record Written(long block, long version, String node) implements BlockEvent {}

    /// The writer gave up waiting for an answer to the writing of this version.
    record Unanswered(long block, long version, String node) implements BlockEvent {}

    /// That a version is safe was said only after the writer had given up.
    record AnsweredLate(long block, long version, String node) implements BlockEvent {}

    /// The block was read.
    record Read(long block, BlockContent found, String node) implements BlockEvent {}
}
