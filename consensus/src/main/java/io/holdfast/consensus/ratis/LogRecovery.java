package io.holdfast.consensus.ratis;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Prepares a group's log files for a start, and explains a start that failed. Stateless.
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);
    private static final String REMEDY = "; keep the directory aside, start this peer with an empty one,"
            + " remove it from the group and add it again, and the others bring it up to date";

    private LogRecovery() {}

    /// Removes an entry that the death of the machine cut off; refuses a log that is damaged otherwise.
    /// Only the file that was being written is read here, Ratis reads the others.
    static void prepare(GroupId group, Path groupDirectory) {
        try {
            for (Path segment : LogSegmentCheck.segments(groupDirectory)) {
                if (LogSegmentCheck.isOpen(segment)) {
                    accept(group, LogSegmentCheck.inspect(segment));
                }
            }
        } catch (IOException e) {
            throw new UnavailableException("the group's log cannot be read: group=" + group, e);
        }
    }

    /// Removes closed files whose entries are all in a snapshot, oldest first, as Ratis does after it took
    /// one: a start reads every file that it finds. The newest closed one stays, for peers that are a little
    /// behind.
    static void dropBefore(LogIndex snapshot, Path groupDirectory) throws IOException {
        List<Path> closed = LogSegmentCheck.segments(groupDirectory).stream()
                .filter(segment -> !LogSegmentCheck.isOpen(segment))
                .toList();
        List<Path> dropped = closed.stream()
                .limit(Math.max(0, closed.size() - 1))
                .takeWhile(segment -> !LogSegmentCheck.lastIndex(segment).isAfter(snapshot))
                .toList();
        for (Path segment : dropped) {
            Files.delete(segment);
        }
    }

    private static void accept(GroupId group, LogSegmentCheck.Finding finding) throws IOException {
        switch (finding) {
            case LogSegmentCheck.Finding.Sound _ -> {}
            case LogSegmentCheck.Finding.Torn torn -> {
                LogSegmentCheck.cutOff(torn);
                LOG.warn(
                        "an entry that was never completely stored is dropped: group={} file={} offset={}",
                        group,
                        torn.file(),
                        torn.offset());
            }
            case LogSegmentCheck.Finding.Corrupt corrupt -> throw corrupt(group, corrupt);
        }
    }

    /// Says why a group did not start: looks through all its files if the reason is not known yet.
    static ConsensusException explain(GroupId group, Path groupDirectory, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConsensusException known) {
                return known;
            }
        }
        try {
            for (Path segment : LogSegmentCheck.segments(groupDirectory)) {
                if (LogSegmentCheck.inspect(segment) instanceof LogSegmentCheck.Finding.Corrupt corrupt) {
                    return corrupt(group, corrupt);
                }
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return new UnavailableException(
                "the group did not start: group=" + group + " reason=" + failure.getMessage(), failure);
    }

    private static CorruptLedgerException corrupt(GroupId group, LogSegmentCheck.Finding.Corrupt found) {
        return new CorruptLedgerException(found.reason() + REMEDY + ": group=" + group + " file="
                + found.file() + " offset=" + found.offset());
    }
}
