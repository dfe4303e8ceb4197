package io.holdfast.consensus.planted;

import io.holdfast.consensus.planted.other.OtherHalf;
import java.time.Instant;
import java.util.Random;

/// Breaks one architecture rule per nested class. Test code, never shipped: it shows that each rule turns
/// red.
public final class PlantedViolations {
    private PlantedViolations() {}

    /// An arrow against the design: consensus knows nothing of host-io.
    public static final class Arrow {
        Object disk = io.holdfast.hostio.process.ProcessRun.class;
    }

    /// Half of a cycle between packages.
    public static final class HalfOfCycle {
        Object other = new OtherHalf();
    }

    /// Replicated code that reads a clock.
    public static final class ReadsClock {
        Instant now() {
            return Instant.now();
        }
    }

    /// Replicated code that draws lots.
    public static final class DrawsLots {
        int lot() {
            return new Random().nextInt();
        }
    }

    /// Prints where only the command line may.
    public static final class Prints {
        void print() {
            System.out.println("planted");
        }
    }

    /// Logs around the logging facade.
    public static final class LogsPastTheFacade {
        Object logger = java.util.logging.Level.INFO;
    }

    /// Throws an exception that says nothing.
    public static final class ThrowsBare {
        void fail() {
            throw new RuntimeException("planted");
        }
    }

    /// Starts a process by itself.
    public static final class StartsProcess {
        Object builder = new ProcessBuilder("true");
    }

    /// Calls native code by itself.
    public static final class CallsNative {
        Object linker = java.lang.foreign.Linker.nativeLinker();
    }

    /// Uses a vendor outside its adapter.
    public static final class UsesVendor {
        Object buffer = io.vertx.core.buffer.Buffer.buffer();
        Object rocks = org.rocksdb.Status.Code.Ok;
        Object ratis = org.apache.ratis.protocol.ClientId.randomId();
        Object hazelcast = new com.hazelcast.config.Config();
        Object kryo = new com.esotericsoftware.kryo.io.Output();
        Object certificate = new org.bouncycastle.asn1.x500.X500Name("CN=planted");
        Object command = picocli.CommandLine.Help.Ansi.AUTO;
        Object registry = io.micrometer.prometheusmetrics.PrometheusConfig.DEFAULT;
        Object archive = new org.apache.commons.compress.archivers.tar.TarArchiveEntry("planted");
        Object compressed = com.github.luben.zstd.EndDirective.CONTINUE;
        Object token = com.nimbusds.jose.JWSAlgorithm.RS256;
    }
}
