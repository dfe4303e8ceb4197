package io.holdfast.hostio.erasure;

import io.holdfast.hostio.nativeaccess.IsaLibrary;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Picks the fastest back-end that this host has. Codecs are made once per profile and kept.
public final class ErasureCodecs {
    private static final ConcurrentHashMap<ErasureProfile, ErasureCodec> BEST = new ConcurrentHashMap<>();

    private ErasureCodecs() {}

    /// ISA-L where the library is installed, else the Vector API (which begins with tables and takes over
    /// once it is compiled).
    public static ErasureCodec best(ErasureProfile profile) {
        return BEST.computeIfAbsent(profile, wanted -> new MatrixCodec(wanted, Chosen.BACKEND));
    }

    /// Decides on first use, once per process.
    private static final class Chosen {
        private static final Logger LOG = LoggerFactory.getLogger(ErasureCodecs.class);
        static final CodecBackend BACKEND = choose();

        private static CodecBackend choose() {
            CodecBackend backend =
                    IsaLibrary.find().<CodecBackend>map(IsalBackend::new).orElseGet(Chosen::vector);
            LOG.info("erasure codec chosen: backend={}", backend.name());
            return backend;
        }

        private static VectorBackend vector() {
            VectorBackend vector = new VectorBackend();
            Thread.ofPlatform().daemon().name("erasure-warm-up").start(vector::warmUp);
            return vector;
        }
    }
}
