/// What stands in one Raft entry: the commands of several callers, and the leader's time.
@NullMarked
package io.holdfast.consensus.entry;

import org.jspecify.annotations.NullMarked;
