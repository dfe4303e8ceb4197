package io.holdfast.hostio.erasure;

import io.holdfast.hostio.nativeaccess.IsaLibrary;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Picks the fastest back-end that this host has. Codecs are made once per profile and kept.
public final class ErasureCodecs {
    private static final ConcurrentHashMap<ErasureProfile, ErasureCodec> BEST = new ConcurrentHashMap<>();

    private ErasureCodecs() {}

    /// ISA-L where the library is installed, else the Vector API (which begins with tables and takes over
    /// once it is compiled) where this process has its module, else tables.
    public static ErasureCodec best(ErasureProfile profile) {
        return BEST.computeIfAbsent(profile, wanted -> new MatrixCodec(wanted, Chosen.BACKEND));
    }

    /// Whether this host has ISA-L.
    public static boolean isNative() {
        return IsaLibrary.find().isPresent();
    }

    /// @param hasVectorModule whether this process was started with `jdk.incubator.vector`
    static CodecBackend choose(Optional<IsaLibrary> library, boolean hasVectorModule) {
        if (library.isPresent()) {
            return new IsalBackend(library.get());
        }
        return hasVectorModule ? new VectorBackend() : new TableBackend();
    }

    /// Decides on first use, once per process.
    private static final class Chosen {
        private static final Logger LOG = LoggerFactory.getLogger(ErasureCodecs.class);
        static final CodecBackend BACKEND = chosen();

        private static CodecBackend chosen() {
            boolean hasVectorModule = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
            CodecBackend backend = choose(IsaLibrary.find(), hasVectorModule);
            LOG.info("erasure codec chosen: backend={}", backend.name());
            if (backend instanceof VectorBackend vector) {
                Thread.ofPlatform().daemon().name("erasure-warm-up").start(vector::warmUp);
            } else if (backend instanceof TableBackend) {
                LOG.warn("erasure coding is slow on this host: it has no ISA-L, and this process no vectors");
            }
            return backend;
        }
    }
}
