package io.holdfast.chaos.checker;

/// What the only writer of a block learned of it, in the order in which it learned it.
public sealed interface BlockEvent {
    long block();

    /// Who served what the writer was connected to.
    Server server();

    /// A node that serves a volume, from taking it over until another one does.
    ///
    /// @param token under which it writes; greater than that of every server before
    record Server(String node, long token) {}

    /// A version is safe: the server said so after a flush.
    record Written(long block, long version, Server server) implements BlockEvent {}

    /// The writer gave up waiting for an answer to the writing of this version.
    record Unanswered(long block, long version, Server server) implements BlockEvent {}

    /// That a version is safe was said only after the writer had given up.
    record AnsweredLate(long block, long version, Server server) implements BlockEvent {}

    /// The block was read.
    record Read(long block, BlockContent found, Server server) implements BlockEvent {}
}
