package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.FileBlockDevice;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.FixedExports;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Unmodified clients against a server on a unix socket.
@Tag("host")
@Timeout(180)
final class RealClientsTest {
    private static final int SIZE_BYTES = 64 << 20;

    @TempDir
    Path folder;

    private final FixedExports exports = new FixedExports();
    private final NbdServer server = NbdServer.open(exports, NbdLimits.DEFAULT);
    private Path socket = Path.of("");
    private Path disk = Path.of("");

    @BeforeEach
    void serveAFile() throws IOException {
        socket = folder.resolve("nbd.sock");
        disk = folder.resolve("disk");
        server.listen(socket, Optional.empty());
        FileBlockDevice device = FileBlockDevice.create(disk, SIZE_BYTES, BlockGeometry.DEFAULT);
        exports.add(new Export("disk", "a file", device, false, true));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String uri(String export) {
        return "nbd+unix:///" + export + "?socket=" + socket;
    }

    /// Bytes with holes between them.
    private Path sparseFile() throws IOException {
        Path path = folder.resolve("source");
        Random random = new Random(11);
        byte[] piece = new byte[777_777];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SIZE_BYTES);
            for (int i = 0; i < 12; i++) {
                random.nextBytes(piece);
                file.seek(random.nextInt(SIZE_BYTES - piece.length));
                file.write(piece);
            }
        }
        return path;
    }

    @Test
    void nbdinfoShowsWhatIsOffered() throws Exception {
        HostTool.require("nbdinfo");
        exports.add(Export.of("second", new MemoryBlockDevice(4096, new BlockGeometry(512, 1024, 1 << 20))));
        String list = HostTool.output("nbdinfo", "--list", "--json", uri(""));
        assertTrue(list.contains("\"export-name\": \"disk\"")
                && list.contains("\"export-name\": \"second\""), list);
        assertTrue(list.contains("\"description\": \"a file\""), list);
        String second = HostTool.output("nbdinfo", "--json", uri("second"));
        for (String line : List.of(
                "\"export-size\": 4096", "\"can_multi_conn\": true", "\"block_size_minimum\": 512",
                "\"block_size_preferred\": 1024", "\"block_size_maximum\": 1048576", "\"base:allocation\"")) {
            assertTrue(second.contains(line), second);
        }
        String map = HostTool.output("nbdinfo", "--map", uri("second"));
        assertTrue(map.contains("hole,zero"), map);
        assertFalse(HostTool.run(List.of("nbdinfo", uri("none"))).isSuccess());
    }

    @Test
    void nbdcopyInAndOutGivesTheSameBytes() throws Exception {
        HostTool.require("nbdcopy");
        Path source = sparseFile();
        Path back = folder.resolve("back");
        HostTool.output("nbdcopy", "--connections=4", "--requests=64", "--flush", source.toString(),
                uri("disk"));
        assertEquals(-1, Files.mismatch(source, disk));
        HostTool.output("nbdcopy", "--connections=4", uri("disk"), back.toString());
        assertEquals(-1, Files.mismatch(source, back));
        HostTool.output("nbdcopy", "--synchronous", uri("disk"), back.toString());
        assertEquals(-1, Files.mismatch(source, back));
    }

    @Test
    void nbdkitSeesNoDifferenceWhenItChecksACopy() throws Exception {
        HostTool.require("nbdkit", "nbdcopy");
        Path source = sparseFile();
        HostTool.output("nbdcopy", source.toString(), uri("disk"));
        HostTool.output("nbdkit", "-U", "-", "--filter=checkwrite", "file", source.toString(), "--run",
                "nbdcopy '" + uri("disk") + "' \"$uri\"");
    }

    @Test
    void qemuIoReadsBackWhatItWroteZeroedAndDiscarded() throws Exception {
        HostTool.require("qemu-io");
        String printed = HostTool.output("qemu-io", "-f", "raw", uri("disk"),
                "-c", "write -P 0x5a 0 1M", "-c", "write -f -P 0xa5 1M 64k", "-c", "flush",
                "-c", "write -z 64k 64k", "-c", "write -z -u 256k 64k", "-c", "discard 512k 64k",
                "-c", "read -P 0x5a 0 64k", "-c", "read -P 0 64k 64k", "-c", "read -P 0x5a 128k 128k",
                "-c", "read -P 0 256k 64k", "-c", "read -P 0xa5 1M 64k",
                "-c", "aio_write -P 1 2M 1M", "-c", "aio_write -P 2 3M 1M", "-c", "aio_flush",
                "-c", "read -P 1 2M 1M", "-c", "read -P 2 3M 1M");
        assertFalse(printed.contains("Pattern verification failed"), printed);
        assertFalse(printed.contains("failed:"), printed);
    }

    @Test
    void qemuImgConvertsInAndOutAndCompares() throws Exception {
        HostTool.require("qemu-img");
        Path source = sparseFile();
        String qcow = folder.resolve("image.qcow2").toString();
        HostTool.output("qemu-img", "convert", "-O", "qcow2", "-f", "raw", source.toString(), qcow);
        HostTool.output("qemu-img", "convert", "-n", "-f", "qcow2", "-O", "raw", qcow, uri("disk"));
        HostTool.output("qemu-img", "compare", "-f", "raw", "-F", "raw", source.toString(), uri("disk"));
        assertEquals(-1, Files.mismatch(source, disk));
        Path back = folder.resolve("back.raw");
        HostTool.output("qemu-img", "convert", "-f", "raw", "-O", "raw", uri("disk"), back.toString());
        assertEquals(-1, Files.mismatch(source, back));
    }

    @Test
    void fioVerifiesWhatItWrote() throws Exception {
        HostTool.require("fio");
        HostTool.requireThat(HostTool.output("fio", "--enghelp").contains("nbd"), "fio has no nbd engine");
        HostTool.output("fio", "--name=verify", "--ioengine=nbd", "--uri=" + uri("disk"), "--rw=randwrite",
                "--bsrange=512-256k", "--iodepth=32", "--size=48M", "--verify=crc32c", "--verify_fatal=1",
                "--fsync=50", "--verify_state_save=0", "--output=" + folder.resolve("fio.txt"));
        String report = Files.readString(folder.resolve("fio.txt"));
        assertTrue(report.contains("err= 0"), report);
        assertTrue(server.readCounters().requests() > 100, server.readCounters()::toString);
    }

    @Test
    void oddFlagsAndMistakesAreAnsweredAsTheProtocolSays() throws Exception {
        Path script = folder.resolve("odd_requests.py");
        try (InputStream in = RealClientsTest.class.getResourceAsStream("odd_requests.py")) {
            Files.write(script, in.readAllBytes());
        }
        exports.add(Export.of("memory", new MemoryBlockDevice(16 << 20)));
        String printed = HostTool.output(pythonWithLibnbd(), script.toString(), uri("memory"));
        assertEquals("ok", printed.strip());
    }

    /// Debian's binding belongs to Debian's own python, which need not be the first one on the path.
    private static String pythonWithLibnbd() throws IOException, InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            ProcessOutcome tried = HostTool.run(List.of(python, "-c", "import nbd"));
            if (tried.isSuccess()) {
                return python;
            }
        }
        HostTool.requireThat(false, "no python3 with libnbd");
        return "";
    }

    @Test
    void aKilledClientLeavesNothingBehind() throws Exception {
        HostTool.require("fio");
        Path log = folder.resolve("fio.log");
        DetachedProcess client = DetachedProcess.start(
                List.of("fio", "--name=victim", "--ioengine=nbd", "--uri=" + uri("disk"), "--rw=randrw",
                        "--bs=256k", "--iodepth=32", "--time_based", "--runtime=60", "--size=48M"),
                Map.of(),
                folder,
                log);
        try {
            Await.until("requests of the victim", () -> server.readCounters().requests() > 200);
        } finally {
            assertTrue(client.kill());
        }
        Await.until("the victim is forgotten", () -> exports.connected().isEmpty());
        try (RawNbdClient other = new RawNbdClient(UnixDomainSocketAddress.of(socket))) {
            assertEquals(4096, other.transmit("disk", true).read(0, 4096).length);
        }
    }
}
