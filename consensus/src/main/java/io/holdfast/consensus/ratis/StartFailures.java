package io.holdfast.consensus.ratis;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.UnavailableException;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.jspecify.annotations.Nullable;

/// Says why a group did not start, and what to do about it.
final class StartFailures {
    private static final String REMEDY = " remedy: keep the directory aside, start this peer with an empty"
            + " one, remove it from the group and add it again; the others bring it up to date";

    private StartFailures() {}

    static ConsensusException of(GroupId group, Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConsensusException known) {
                return known;
            }
            if (cause instanceof CorruptedFileException || cause instanceof ChecksumException) {
                String reason = " reason=" + cause.getMessage();
                return new CorruptLedgerException(
                        "the group's log is damaged;" + REMEDY + ": group=" + group + reason, failure);
            }
        }
        return new UnavailableException(
                "the group did not start: group=" + group + " reason=" + failure.getMessage(), failure);
    }
}
