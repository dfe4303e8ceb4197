package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.testing.FixedExports;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import io.holdfast.hostio.testing.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Unmodified clients through TLS.
@Tag("host")
@Timeout(180)
final class TlsClientsTest {
    private static final int SIZE_BYTES = 16 << 20;

    @TempDir
    Path folder;

    private final FixedExports exports = FixedExports.of(Export.of("disk",
            new MemoryBlockDevice(SIZE_BYTES)));
    private final NbdServer server = NbdServer.open(exports, NbdLimits.DEFAULT);
    private int mutualPort;
    private int serverOnlyPort;
    private InetSocketAddress mutual = new InetSocketAddress(0);

    @BeforeEach
    void listen() throws Exception {
        TestCertificates certificates = TestCertificates.create(folder);
        NbdTls both = NbdTls.mutual(certificates.serverContext());
        NbdTls oneSided = new NbdTls(certificates.serverContext(), false, false);
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        mutual = server.listen(free, Optional.of(both));
        mutualPort = mutual.getPort();
        serverOnlyPort = server.listen(free, Optional.of(oneSided)).getPort();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String uri(int port, Path certificates) {
        return "nbds://localhost:" + port + "/disk?tls-certificates=" + certificates;
    }

    @Test
    void nbdcopyThroughMutualTlsGivesTheSameBytes() throws Exception {
        HostTool.require("nbdcopy", "nbdinfo");
        byte[] content = new byte[SIZE_BYTES];
        new Random(21).nextBytes(content);
        Path source = Files.write(folder.resolve("source"), content);
        Path back = folder.resolve("back");
        String info = HostTool.output("nbdinfo", uri(mutualPort, folder));
        assertTrue(info.contains("with TLS"), info);
        HostTool.output("nbdcopy", source.toString(), uri(mutualPort, folder));
        HostTool.output("nbdcopy", "--connections=4", uri(mutualPort, folder), back.toString());
        assertEquals(-1, Files.mismatch(source, back));
    }

    @Test
    void qemuComparesThroughMutualTls() throws Exception {
        HostTool.require("qemu-img");
        Path zeroes = Files.write(folder.resolve("zeroes"), new byte[SIZE_BYTES]);
        String credentials = "tls-creds-x509,id=t,endpoint=client,dir=" + folder;
        HostTool.output("qemu-img", "compare", "--object", credentials, "--image-opts",
                "driver=raw,file.driver=nbd,file.host=localhost,file.export=disk,file.tls-creds=t,file.port="
                        + mutualPort,
                "driver=raw,file.driver=file,file.filename=" + zeroes);
    }

    @Test
    void withoutACertificateOrWithAnotherAuthorityNobodyGetsIn() throws Exception {
        HostTool.require("nbdinfo");
        Path bare = Files.createDirectory(folder.resolve("bare"));
        Files.copy(folder.resolve("ca-cert.pem"), bare.resolve("ca-cert.pem"));
        assertFalse(HostTool.run(List.of("nbdinfo", uri(mutualPort, bare))).isSuccess());
        assertTrue(HostTool.run(List.of("nbdinfo", uri(serverOnlyPort, bare))).isSuccess());

        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        TestCertificates.create(foreign);
        Files.copy(folder.resolve("ca-cert.pem"), foreign.resolve("ca-cert.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        assertFalse(HostTool.run(List.of("nbdinfo", uri(mutualPort, foreign))).isSuccess());
        assertTrue(exports.connected().isEmpty());
    }

    @Test
    void whereTlsIsRequiredNothingIsToldWithoutIt() throws Exception {
        HostTool.require("nbdinfo");
        String plain = "nbd://localhost:" + mutualPort + "/disk";
        assertFalse(HostTool.run(List.of("nbdinfo", plain)).isSuccess());
        assertFalse(HostTool.run(List.of("nbdinfo", "--list", plain)).isSuccess());
        assertTrue(HostTool.run(List.of("nbdinfo",
                "nbd://localhost:" + serverOnlyPort + "/disk")).isSuccess());
        try (RawNbdClient client = new RawNbdClient(mutual).greet(NbdWire.FLAG_FIXED_NEWSTYLE)) {
            for (int option : List.of(NbdWire.OPT_LIST, NbdWire.OPT_GO, NbdWire.OPT_STRUCTURED_REPLY, 99)) {
                assertEquals(
                        NbdWire.REP_ERR_TLS_REQD, client.option(option, new byte[0]).getLast().type());
            }
            assertEquals(NbdWire.REP_ACK, client.option(NbdWire.OPT_STARTTLS, new byte[0]).getLast().type());
            client.send(ByteBuffer.allocate(100));
            client.awaitEnd();
        }
    }
}
