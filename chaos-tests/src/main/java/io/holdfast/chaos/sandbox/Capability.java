package io.holdfast.chaos.sandbox;

import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Something that a host may lack and without which some scenarios cannot run.
public enum Capability {
    NAMESPACES("process, network and mount namespaces", "run as root, or allow unprivileged user namespaces"),
    USER_NAMESPACES("unprivileged user namespaces", "sysctl user.max_user_namespaces must not be 0"),
    BRIDGE("bridges and virtual Ethernet pairs",
            "install iproute2; the kernel needs CONFIG_BRIDGE, CONFIG_VETH"),
    PACKET_FILTER("packet filter on bridges", "install nftables; the kernel needs CONFIG_NF_TABLES_BRIDGE"),
    TAP("TAP devices", "the kernel needs CONFIG_TUN and /dev/net/tun"),
    STRACE("system call injection", "install strace 4.22 or newer; ptrace must be allowed"),
    FAKETIME("clock jumps", "install libfaketime"),
    EXT4("power cuts on ext4", "run as root; install e2fsprogs, libnbd-bin, fuse3; the kernel needs ext4, "
            + "loop and FUSE"),
    XFS("power cuts on XFS", "run as root; install xfsprogs, libnbd-bin, fuse3; the kernel needs XFS, loop "
            + "and FUSE");

    private static final CommandRunner RUNNER = new CommandRunner(Duration.ofSeconds(20));

    private final String title;
    private final String remedy;

    Capability(String title, String remedy) {
        this.title = title;
        this.remedy = remedy;
    }

    /// One line for people: what is missing, and what would bring it.
    public String missing() {
        return title + " missing; remedy: " + remedy;
    }

    /// Tries it out, in a sandbox that is gone afterwards.
    public boolean isThere() throws IOException, InterruptedException {
        return switch (this) {
            case NAMESPACES -> succeeds(Identity.ofCaller(), List.of("true"));
            case USER_NAMESPACES -> succeeds(Identity.USER_NAMESPACE, List.of("true"));
            case BRIDGE -> succeeds(Identity.ofCaller(), shell("ip link add b0 type bridge"
                    + " && ip link add v0 type veth peer name v1 && ip link set v0 master b0"));
            case PACKET_FILTER -> succeeds(Identity.ofCaller(), shell("nft add table bridge t"
                    + " && nft add chain bridge t c '{ type filter hook forward priority 0; }'"
                    + " && nft add rule bridge t c numgen random mod 1000 '<' 1 drop"));
            case TAP -> succeeds(Identity.ofCaller(), shell("ip tuntap add dev t0 mode tap"));
            case STRACE -> succeeds(Identity.ofCaller(),
                    List.of("strace", "-f", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"));
            case FAKETIME -> fakeTimeLibrary().isPresent();
            case EXT4 -> succeeds(Identity.ofCaller(), shell(mounting("ext4")));
            case XFS -> succeeds(Identity.ofCaller(), shell(mounting("xfs")));
        };
    }

    /// Commands that mount such a file system on a loop device; both go with the sandbox.
    private static String mounting(String type) {
        return "nbdfuse --version && test -c /dev/fuse && mkdir /run/try && truncate -s 320M /run/image"
                + " && mkfs." + type + " -q /run/image && mount -t " + type + " -o loop /run/image /run/try";
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    private static boolean succeeds(Identity identity, List<String> command)
            throws IOException, InterruptedException {
        try {
            return RUNNER.run(Command.of(command).prefixedBy(Sandbox.prefix(identity))).isSuccess();
        } catch (IOException e) {
            // The program itself is not installed.
            return false;
        }
    }

    /// The library to preload for a process whose clock shall be moved.
    public static Optional<Path> fakeTimeLibrary() throws IOException {
        for (String folder : List.of("/usr/lib", "/usr/lib64", "/usr/local/lib")) {
            Path root = Path.of(folder);
            if (Files.isDirectory(root)) {
                try (var files = Files.find(root, 3,
                        (file, _) -> file.endsWith(Path.of("faketime", "libfaketimeMT.so.1")))) {
                    Optional<Path> library = files.findFirst();
                    if (library.isPresent()) {
                        return library;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
