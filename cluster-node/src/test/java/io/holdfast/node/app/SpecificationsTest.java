package io.holdfast.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Hook;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.LifecycleHooks;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.image.ImageUser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpecificationsTest {
    private static final ResolvedRoot ROOT =
            ResolvedRoot.plain(RootFileSystem.of("sha256:0", Path.of("/srv/shop")));
    private static final ContainerId ID = new ContainerId("shop-1");

    @Test
    void hooksAreToldToTheContainersOwnPort() throws Exception {
        ApplicationSpec spec = spec(List.of()).withHooks(
                List.of(new Hook.Signal(10)), List.of(new Hook.Call("/woken", 250), new Hook.Signal(12)));
        LifecycleHooks hooks =
                Specifications.containerOf(spec, ROOT, ID, Map.of()).program().hooks();
        assertEquals(List.of(new LifecycleHooks.SendSignal(10)), hooks.beforeCheckpoint());
        assertEquals(
                List.of(new LifecycleHooks.CallHttp(8_080, "/woken", Duration.ofMillis(250)),
                        new LifecycleHooks.SendSignal(12)),
                hooks.afterRestore());
        assertEquals(
                Specifications.fingerprintOf(spec(List.of()), ROOT), Specifications.fingerprintOf(spec, ROOT),
                "what is told around a saving does not change what was saved");
    }

    @Test
    void aVolumeIsTheFolderWhereItIsMountedHere() throws Exception {
        ApplicationSpec spec = spec(List.of(
                new Mount(Mount.Kind.VOLUME, "data", "/var/lib/db", false),
                new Mount(Mount.Kind.VOLUME, "data", "/var/lib/again", true)));
        assertEquals(
                List.of(new BindMount(Path.of("/mnt/data"), "/var/lib/db", false),
                        new BindMount(Path.of("/mnt/data"), "/var/lib/again", true)),
                Specifications.containerOf(spec, ROOT, ID, Map.of("data", Path.of("/mnt/data"))).mounts());
        assertThrows(
                StartFailedException.class, () -> Specifications.containerOf(spec, ROOT, ID, Map.of()));
        assertEquals(
                List.of(new VolumeMounts.Wish("data", "default/shop/0", false, 0, 0)),
                Specifications.volumesOf(spec, ROOT, PlacementKey.parse("default/shop/0")));
    }

    @Test
    void aGroupIsOneContainerWithMembersWhoseMountsAreTheirs() throws Exception {
        ApplicationSpec spec = group("/bin/db", List.of(
                new Mount(Mount.Kind.VOLUME, "data", "/db/var/lib", false)))
                .withHooks(List.of(new Hook.Signal(10)), List.of());
        ResolvedRoot roots = ResolvedRoot.group("group:1", List.of(
                ROOT, new ResolvedRoot(
                        RootFileSystem.of("sha256:1", Path.of("/srv/db")), ROOT.settings(),
                        new ImageUser(70, 71))));
        ContainerSpec container =
                Specifications.containerOf(spec, roots, ID, Map.of("data", Path.of("/mnt/data")));
        assertEquals(List.of("web", "db"), container.members().stream().map(Member::name).toList());
        assertEquals(List.of("/bin/db"), container.members().getLast().program().command());
        assertEquals(70, container.members().getLast().program().userId());
        assertEquals("group:1", container.root().digest());
        assertEquals(
                List.of(new LifecycleHooks.SendSignal(10)), container.program().hooks().beforeCheckpoint());
        assertEquals(
                List.of(new BindMount(Path.of("/mnt/data"), "/members/db/var/lib", false)),
                container.mounts());
        assertEquals(
                List.of(new VolumeMounts.Wish("data", "default/shop/0", false, 70, 71)),
                Specifications.volumesOf(spec, roots, PlacementKey.parse("default/shop/0")));
        assertEquals(
                Specifications.fingerprintOf(group("/bin/db", spec.mounts()), roots),
                Specifications.fingerprintOf(spec, roots));
        assertNotEquals(
                Specifications.fingerprintOf(group("/bin/other", spec.mounts()), roots),
                Specifications.fingerprintOf(spec, roots));
    }

    @Test
    void aVolumeOfSeveralMembersBelongsToTheOneThatWritesToIt() throws Exception {
        Mount read = new Mount(Mount.Kind.VOLUME, "data", "/web/seen", true);
        Mount written = new Mount(Mount.Kind.VOLUME, "data", "/db/data", false);
        ResolvedRoot roots = ResolvedRoot.group("group:1", List.of(
                new ResolvedRoot(ROOT.files(), ROOT.settings(), new ImageUser(80, 81)),
                new ResolvedRoot(ROOT.files(), ROOT.settings(), new ImageUser(70, 71))));
        for (List<Mount> mounts : List.of(List.of(read, written), List.of(written, read))) {
            assertEquals(
                    List.of(new VolumeMounts.Wish("data", "default/shop/0", false, 70, 71)),
                    Specifications.volumesOf(
                            group("/bin/db", mounts), roots, PlacementKey.parse("default/shop/0")));
        }
    }

    @Test
    void aMountOfAGroupIsAMembers() {
        Mount astray = new Mount(Mount.Kind.FOLDER, "/srv", "/cache/srv", true);
        assertThrows(IllegalArgumentException.class, () -> group("/bin/db", List.of(astray)));
    }

    private static ApplicationSpec group(String command, List<Mount> mounts) {
        Root.Group members = new Root.Group(List.of(
                new GroupMember("web", new Root.Folder("/srv/shop"), List.of("/bin/web"), List.of(), "/"),
                new GroupMember("db", new Root.Image("db:v1"), List.of(command), List.of(), "/")));
        return spec(members, List.of(), mounts);
    }

    private static ApplicationSpec spec(List<Mount> mounts) {
        return spec(new Root.Folder("/srv/shop"), List.of("/bin/shop"), mounts);
    }

    private static ApplicationSpec spec(Root root, List<String> command, List<Mount> mounts) {
        return new ApplicationSpec(
                root, command, List.of(), "/", 8_080,
                ApplicationSpec.Access.PUBLIC, mounts, Limits.NONE, new Probe.Connects(1_000),
                Scaling.STANDARD, SnapshotPolicy.STANDARD);
    }
}
