package io.holdfast.node.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.doctor.Finding.State;
import io.holdfast.node.doctor.Host.CommandResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class DoctorTest {
    @Test
    void aCompleteHostIsFoundToBeFine() throws Exception {
        for (Finding finding : new Doctor(FakeHost.complete()).examine()) {
            assertEquals(State.OK, finding.state(), finding.toString());
            assertEquals("", finding.remedy(), finding.toString());
        }
    }

    @Test
    void anEmptyHostGetsARemedyForEachThing() throws Exception {
        FakeHost host = new FakeHost();
        host.freeBytes = OptionalLong.empty();
        host.syncedWriteTime = Optional.empty();
        List<Finding> findings = new Doctor(host).examine();
        assertEquals(Doctor.probes().size(), findings.size());
        for (Finding finding : findings) {
            assertTrue(finding.state() != State.OK, finding.toString());
            assertFalse(finding.remedy().isEmpty(), finding.toString());
        }
    }

    @Test
    void criuBeforeFourTwoIsTooOldForKernelsFromSixSixteen() throws Exception {
        FakeHost host = FakeHost.complete();
        host.answers.put("/bin/criu --version", new CommandResult(true, "Version: 4.1.1"));
        assertEquals(State.MISSING, state(host, "criu"));
        host.files.put("/proc/sys/kernel/osrelease", "6.15.9");
        assertEquals(State.OK, state(host, "criu"));
        host.answers.put("/bin/criu check", new CommandResult(false, "Error: no\nneeds CAP_SYS_ADMIN\n"));
        assertEquals(State.LIMITED, state(host, "criu"));
        host.answers.put("/bin/criu --version", new CommandResult(false, "GLIBC_2.38 not found"));
        assertEquals(State.MISSING, state(host, "criu"));
    }

    @Test
    void fuseAndLoopStandInForTheNbdDriver() throws Exception {
        FakeHost host = FakeHost.complete();
        host.devices.remove("/dev/nbd0");
        assertEquals(State.LIMITED, state(host, "nbd"));
        host.devices.remove("/dev/fuse");
        assertEquals(State.MISSING, state(host, "nbd"));
    }

    @Test
    void hybridAndFirstVersionCgroupsAreLimited() throws Exception {
        FakeHost host = FakeHost.complete();
        host.devices.remove("/sys/fs/cgroup/cgroup.controllers");
        assertEquals(State.MISSING, state(host, "cgroups"));
        host.files.put("/proc/self/mounts", "cgroup /sys/fs/cgroup/cpu cgroup rw 0 0\n");
        assertEquals(State.LIMITED, state(host, "cgroups"));
        host.files.put("/proc/self/mounts", "none /sys/fs/cgroup cgroup2 rw 0 0\n");
        assertEquals(State.OK, state(host, "cgroups"));
    }

    @Test
    void aSlowDiskAndSmallLimitsAreLimited() throws Exception {
        FakeHost host = FakeHost.complete();
        host.syncedWriteTime = Optional.of(Duration.ofMillis(30));
        host.freeBytes = OptionalLong.of(1L << 30);
        host.files.put("/proc/self/limits", "Max open files            1024  1024  files\n");
        host.files.put("/proc/meminfo", "MemAvailable:   524288 kB\n");
        for (String subject : List.of("disk sync", "disk space", "open files", "memory")) {
            assertEquals(State.LIMITED, state(host, subject), subject);
        }
    }

    @Test
    void samepageMergingThatIsOffOrSlowIsLimited() throws Exception {
        FakeHost host = FakeHost.complete();
        host.files.put("/sys/kernel/mm/ksm/advisor_mode", "[none] scan-time\n");
        host.files.put("/sys/kernel/mm/ksm/sleep_millisecs", "20\n");
        host.files.put("/sys/kernel/mm/ksm/pages_to_scan", "100\n");
        assertEquals(State.LIMITED, state(host, "ksm"));
        host.files.put("/sys/kernel/mm/ksm/pages_to_scan", "1000\n");
        assertEquals(State.OK, state(host, "ksm"));
        host.files.put("/sys/kernel/mm/ksm/run", "0\n");
        assertEquals(State.LIMITED, state(host, "ksm"));
        host.files.remove("/sys/kernel/mm/ksm/run");
        assertEquals(State.MISSING, state(host, "ksm"));
    }

    @Test
    void versionsAreComparedAsNumbers() {
        assertTrue(KernelVersion.in("6.18.44-fc").isAtLeast(6, 16));
        assertFalse(KernelVersion.in("6.9.0").isAtLeast(6, 16));
        assertTrue(KernelVersion.in("Version: 10.0").isAtLeast(4, 2));
        assertEquals(new KernelVersion(0, 0), KernelVersion.in("nonsense"));
    }

    @Test
    void thisHostIsExaminedWithoutFailure() throws Exception {
        List<Finding> findings = Doctor.ofThisHost(Path.of("/no/such/folder")).examine();
        assertEquals(Doctor.probes().size(), findings.size());
    }

    private static State state(FakeHost host, String subject) throws Exception {
        return new Doctor(host)
                .examine().stream()
                        .filter(finding -> finding.subject().equals(subject))
                        .findFirst()
                        .orElseThrow()
                        .state();
    }
}
