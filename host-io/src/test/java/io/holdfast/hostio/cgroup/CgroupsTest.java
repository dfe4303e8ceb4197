package io.holdfast.hostio.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CgroupsTest {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Cgroups FIRST =
            new Cgroups(false, Map.of("freezer", ROOT.resolve("freezer")), List.of());
    private static final Cgroups SECOND = new Cgroups(true, Map.of("unified", ROOT), List.of());

    @Test
    void aProcessFindsItsOwnGroup() {
        assertEquals(Optional.of(ROOT.resolve("freezer/a/b")),
                FIRST.own(List.of("3:cpu,cpuacct:/c", "2:freezer:/a/b", "0::/init")));
        assertEquals(Optional.of(ROOT.resolve("user.slice/x")),
                SECOND.own(List.of("1:name=systemd:/y", "0::/user.slice/x")));
        assertEquals(Optional.of(ROOT), SECOND.own(List.of("0::/")));
    }

    @Test
    void aGroupOutsideOfWhatIsMountedIsNone() {
        assertEquals(Optional.empty(), SECOND.own(List.of("0::/../../other")));
        assertEquals(Optional.empty(), SECOND.own(List.of("", "0:", "0::relative")));
        assertEquals(Optional.empty(), FIRST.own(List.of("0::/init")));
    }
}
