package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Hook;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Variable;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.Confinement;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.LifecycleHooks;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.ResourceLimits;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.hostio.image.ImageSettings;
import io.holdfast.hostio.image.ImageUser;
import io.holdfast.hostio.init.GroupInit;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Applications in the words of the container runtime.
final class Specifications {
    private Specifications() {}

    /// What one instance is to be.
    ///
    /// @param volumes the folders of this host that are the application's volumes, by their names
    static ContainerSpec containerOf(
            ApplicationSpec spec, ResolvedRoot root, ContainerId id, Map<String, Path> volumes)
            throws StartFailedException {
        List<BindMount> mounts = new ArrayList<>();
        for (Mount mount : spec.mounts()) {
            mounts.add(mountOf(spec, mount, volumes));
        }
        return new ContainerSpec(
                id,
                root.files(),
                spec.root() instanceof Root.Group ? groupProgramOf(spec) : programOf(spec, root),
                Confinement.LEAST.withLimits(limitsOf(spec.limits())),
                mounts,
                List.of(),
                membersOf(spec, root));
    }

    private static List<Member> membersOf(ApplicationSpec spec, ResolvedRoot root)
            throws StartFailedException {
        List<Member> members = new ArrayList<>();
        if (spec.root() instanceof Root.Group(List<GroupMember> wanted)) {
            for (int index = 0; index < wanted.size(); index++) {
                GroupMember member = wanted.get(index);
                ResolvedRoot own = root.members().get(index);
                members.add(new Member(member.name(), own.files(), programOf(
                        new Said(member.root(), member.command(), member.environment(),
                                member.workingFolder()),
                        own, LifecycleHooks.NONE)));
            }
        }
        return members;
    }

    /// What is told around savings is told to all members; which programs there are they say themselves.
    private static Program groupProgramOf(ApplicationSpec spec) {
        return Program.of(GroupInit.PATH).withHooks(hooksOf(spec));
    }

    private static Program programOf(ApplicationSpec spec, ResolvedRoot root) throws StartFailedException {
        return programOf(
                new Said(spec.root(), spec.command(), spec.environment(), spec.workingFolder()), root,
                hooksOf(spec));
    }

    private static LifecycleHooks hooksOf(ApplicationSpec spec) {
        return new LifecycleHooks(
                hooksOf(spec.beforeSave(), spec.port()), hooksOf(spec.afterRestore(), spec.port()));
    }

    /// What a specification says of a program.
    private record Said(
            Root root, List<String> command, List<Variable> environment, String workingFolder) {}

    /// What the specification says, and where it says nothing, the image.
    private static Program programOf(Said spec, ResolvedRoot root, LifecycleHooks hooks)
            throws StartFailedException {
        ImageSettings settings = root.settings();
        Map<String, String> environment = new LinkedHashMap<>();
        for (String each : settings.environment()) {
            int mark = each.indexOf('=');
            if (mark > 0) {
                environment.put(each.substring(0, mark), each.substring(mark + 1));
            }
        }
        for (Variable variable : spec.environment()) {
            environment.put(variable.name(), variable.value());
        }
        List<String> command = settings.commandOr(spec.command());
        if (command.isEmpty()) {
            throw new StartFailedException("neither the application nor its image says what is to run: root="
                    + spec.root().label());
        }
        boolean isFolderLeftToImage =
                spec.workingFolder().equals("/") && settings.workingFolder().startsWith("/");
        return new Program(
                command,
                environment,
                isFolderLeftToImage ? settings.workingFolder() : spec.workingFolder(),
                root.user().userId(),
                root.user().groupId(),
                hooks);
    }

    private static List<LifecycleHooks.Hook> hooksOf(List<Hook> hooks, int port) {
        return hooks.stream()
                .<LifecycleHooks.Hook>map(hook -> switch (hook) {
                    case Hook.Signal(int number) -> new LifecycleHooks.SendSignal(number);
                    case Hook.Call(String path, int within) ->
                        new LifecycleHooks.CallHttp(port, path, Duration.ofMillis(within));
                })
                .toList();
    }

    private static BindMount mountOf(ApplicationSpec spec, Mount mount, Map<String, Path> volumes)
            throws StartFailedException {
        Path source = switch (mount.kind()) {
            case FOLDER -> Path.of(mount.source());
            case VOLUME -> volumes.get(mount.source());
        };
        if (source == null) {
            throw new StartFailedException("the volume is not mounted here: volume=" + mount.source());
        }
        String target = spec.root() instanceof Root.Group
                ? Member.PLACES + mount.target()
                : mount.target();
        return new BindMount(source, target, mount.isReadOnly());
    }

    /// What an instance of a slot wants of volumes, each volume once.
    static List<VolumeMounts.Wish> volumesOf(ApplicationSpec spec, ResolvedRoot root, PlacementKey slot) {
        Map<String, VolumeMounts.Wish> wishes = new LinkedHashMap<>();
        for (Mount mount : spec.mounts()) {
            if (mount.kind() == Mount.Kind.VOLUME) {
                VolumeMounts.Wish before = wishes.get(mount.source());
                if (before == null || before.isReadOnly()) {
                    // What is new on it belongs to the first who writes to it.
                    ImageUser user = ownerOf(spec, root, mount);
                    wishes.put(mount.source(), new VolumeMounts.Wish(
                            mount.source(), slot.toString(), mount.isReadOnly(), user.userId(),
                            user.groupId()));
                }
            }
        }
        return List.copyOf(wishes.values());
    }

    private static ImageUser ownerOf(ApplicationSpec spec, ResolvedRoot root, Mount mount) {
        if (spec.root() instanceof Root.Group(List<GroupMember> members)) {
            for (int index = 0; index < members.size(); index++) {
                if (mount.target().startsWith("/" + members.get(index).name() + "/")) {
                    return root.members().get(index).user();
                }
            }
        }
        return root.user();
    }

    /// Whether an application has volumes, which its memory has to fit.
    static boolean hasVolumes(ApplicationSpec spec) {
        return spec.mounts().stream().anyMatch(mount -> mount.kind() == Mount.Kind.VOLUME);
    }

    /// Whether a snapshot holds what all volumes of a specification were at its moment.
    static boolean coversVolumes(SnapshotEntry snapshot, ApplicationSpec spec) {
        return spec.mounts().stream()
                .filter(mount -> mount.kind() == Mount.Kind.VOLUME)
                .allMatch(mount -> snapshot.of(mount.source()).isPresent());
    }

    /// The same application with other volumes.
    ///
    /// @param names of the new ones by those of the old
    static ApplicationSpec withVolumes(ApplicationSpec spec, Map<String, String> names) {
        return new ApplicationSpec(
                spec.root(), spec.command(), spec.environment(), spec.workingFolder(), spec.port(),
                spec.access(),
                spec.mounts().stream().map(mount -> mount.kind() == Mount.Kind.VOLUME
                        ? new Mount(
                                mount.kind(), names.getOrDefault(mount.source(), mount.source()),
                                mount.target(), mount.isReadOnly())
                        : mount).toList(),
                spec.limits(), spec.probe(), spec.scaling(), spec.snapshots(), spec.beforeSave(),
                spec.afterRestore());
    }

    private static ResourceLimits limitsOf(Limits limits) {
        ResourceLimits standard = ResourceLimits.DEFAULT;
        return new ResourceLimits(
                limits.memoryBytes() == 0 ? standard.memoryBytesMax() : limits.memoryBytes(),
                Math.toIntExact(limits.cpuMillis()),
                limits.processes() == 0 ? standard.processCountMax() : Math.toIntExact(limits.processes()),
                standard.openFileCountMax(),
                standard.sharedMemoryBytesMax());
    }

    /// What must be equal so that a snapshot of one specification serves another: all that its processes
    /// were started with. Written with lengths, so that no two specifications read alike.
    static LayerDigest fingerprintOf(ApplicationSpec spec, ResolvedRoot root) {
        StringBuilder text = new StringBuilder();
        append(text, root.files().digest());
        if (spec.root() instanceof Root.Group(List<GroupMember> members)) {
            for (GroupMember member : members) {
                append(text, member.name());
                member.command().forEach(word -> append(text, word));
                append(text, "environment");
                member.environment().forEach(
                        variable -> append(text, variable.name() + "=" + variable.value()));
                append(text, member.workingFolder());
            }
        }
        spec.command().forEach(word -> append(text, word));
        append(text, "environment");
        spec.environment().forEach(variable -> append(text, variable.name() + "=" + variable.value()));
        append(text, spec.workingFolder());
        append(text, Integer.toString(spec.port()));
        spec.mounts().forEach(mount -> append(text, seenOf(mount)));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return new LayerDigest("sha256:" + HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// A copy of a volume serves as well as the volume, so its name is not of what processes see.
    private static String seenOf(Mount mount) {
        return mount.kind() == Mount.Kind.VOLUME
                ? "volume " + mount.target() + " " + mount.isReadOnly()
                : mount.toString();
    }

    private static void append(StringBuilder text, String part) {
        text.append(part.length()).append(':').append(part).append('\n');
    }

    /// The class of hosts in the catalog's words.
    static HostClass hostClassOf(CompatibilityClass compatibility) {
        return new HostClass(
                cut(compatibility.kernel(), 64),
                cut(compatibility.processor(), 64),
                cut(compatibility.checkpointTool(), 32));
    }

    private static String cut(String text, int charsMax) {
        String plain = text.replace('|', ' ').replace('/', ' ');
        return plain.length() <= charsMax ? plain : plain.substring(0, charsMax);
    }
}
