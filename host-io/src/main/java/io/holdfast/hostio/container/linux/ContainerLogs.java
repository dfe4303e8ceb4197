package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.init.GroupInit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a container writes: one log, or, of one with members, one of each, beside that of its first process.
/// Concurrent.
///
/// @param members by their names, in their order
record ContainerLogs(ContainerSpec spec, LogFiles own, Map<String, LogFiles> members) {
    private static final int REPORT_BYTES_MAX = 64;

    /// Goes on with what is there.
    static ContainerLogs open(ContainerFolder folder, ContainerSpec spec) throws IOException {
        Map<String, LogFiles> members = new LinkedHashMap<>();
        Path below = folder.log().resolve("members");
        for (Member member : spec.members()) {
            members.put(member.name(), LogFiles.open(below.resolve(member.name())));
        }
        return new ContainerLogs(spec, LogFiles.open(folder.log()), members);
    }

    /// What a person is shown of the container as a whole.
    LogFiles shown() {
        return members.values().stream().findFirst().orElse(own);
    }

    LogFiles of(String member) {
        LogFiles log = members.get(member);
        if (log == null) {
            throw unknown(spec, member);
        }
        return log;
    }

    static ContainerException unknown(ContainerSpec spec, String member) {
        return new ContainerException(Kind.INVALID_REQUEST, "no such member: member=" + member + " members="
                + Member.names(spec.members()) + " container=" + spec.id());
    }

    /// Which member's end was that of all, as the first process has told.
    Optional<GroupInit.MemberEnd> memberEnd() {
        return members.isEmpty()
                ? Optional.empty()
                : GroupInit.parse(
                        own.read(own.beginOffset(), REPORT_BYTES_MAX).bytes(), members.size());
    }

    /// Nothing more will come.
    void complete() {
        own.complete();
        members.values().forEach(LogFiles::complete);
    }

    /// Waits until nothing more will come; false if not in time.
    boolean awaitComplete(Duration deadline) throws InterruptedException {
        boolean isComplete = own.awaitComplete(deadline);
        for (LogFiles member : members.values()) {
            isComplete &= member.awaitComplete(deadline);
        }
        return isComplete;
    }
}
