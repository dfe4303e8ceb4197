package io.holdfast.gridstate.testing;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.application.Variable;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.image.ImageDraft;
import io.holdfast.gridstate.image.ImagePart;
import io.holdfast.gridstate.rollout.LinkId;
import io.holdfast.gridstate.rollout.ObjectVersion;
import io.holdfast.gridstate.rollout.RolloutPlan;
import io.holdfast.gridstate.rollout.Wave;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredFile;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.LayerDigest;
import java.util.ArrayList;
import java.util.List;

/// Values that tests of several catalogs share.
public final class Samples {
    public static final LayerDigest DIGEST = new LayerDigest("sha256:" + "0123456789abcdef".repeat(4));
    public static final Sha256 HASH = new Sha256("fedcba9876543210".repeat(4));
    public static final FencingToken TOKEN = new FencingToken(77);
    public static final StreamId STREAM = new StreamId(0x1122_3344_5566_7788L);
    public static final ChunkId CHUNK = new ChunkId(STREAM.value(), 5);
    public static final Profile PROFILE = new Profile(4, 2, Profile.Spread.NODE);
    public static final ApplicationKey APPLICATION = new ApplicationKey("acme", "shop");
    public static final SnapshotKey SNAPSHOT = new SnapshotKey(APPLICATION, "s-1");
    public static final HostClass HOST_CLASS = new HostClass("6.18.0", "a1b2c3", "4.2.1");
    public static final LinkId LINK = new LinkId("00112233445566778899aabbccddeeff");
    public static final ObjectVersion VERSION = new ObjectVersion("v1", "registry/shop@v1");
    public static final ExpectedVersion EXPECTED = ExpectedVersion.of(12);
    public static final NodeCertificate CERTIFICATE = new NodeCertificate("0a1b", HASH, 1_900_000_000_000L);
    public static final ChunkRange RANGE = new ChunkRange(CHUNK, 4_096, 65_536, 0xCAFEBABE);
    public static final StoredFile FILE = new StoredFile("pages-1.img", List.of(RANGE));
    public static final RolloutPlan PLAN = new RolloutPlan(
            "shop", "v2", List.of(new Wave.Named(List.of("i1")), new Wave.UpTo(50), new Wave.UpTo(100)), 1);

    public static final VolumeSnapshotKey VOLUME_SNAPSHOT = new VolumeSnapshotKey("db", "monday");
    public static final VolumePolicy POLICY = new VolumePolicy(true, 86_400_000);
    public static final VolumeDraft VOLUME = new VolumeDraft(
            1L << 30, 4_096, PROFILE, POLICY, STREAM);
    public static final ApplicationSpec APPLICATION_SPEC = new ApplicationSpec(
            new Root.Folder("/srv/shop"),
            List.of("/bin/shop", "--port", "8080"),
            List.of(new Variable("LANG", "C.UTF-8")),
            "/",
            8_080,
            ApplicationSpec.Access.PUBLIC,
            List.of(new Mount(Mount.Kind.FOLDER, "/srv/assets", "/assets", true)),
            new Limits(256 << 20, 1_000, 64),
            new Probe.Connects(10_000),
            new Scaling(0, 2, 0, 60_000, Scaling.OnIdle.SAVE),
            SnapshotPolicy.STANDARD);

    public static final ImagePart IMAGE_CONFIGURATION =
            new ImagePart("application/vnd.oci.image.config.v1+json", DIGEST, 2_048);
    public static final ImageDraft IMAGE = new ImageDraft(
            "oci:/srv/shop:v2",
            "linux/amd64",
            DIGEST,
            new ImagePart("application/vnd.oci.image.manifest.v1+json",
                    new LayerDigest("sha256:" + "d".repeat(64)), 512),
            List.of(IMAGE_CONFIGURATION));

    private Samples() {}

    /// Places on the nodes 1 to `count`.
    public static List<FragmentPlace> places(int count) {
        List<FragmentPlace> places = new ArrayList<>();
        for (int node = 1; node <= count; node++) {
            places.add(new FragmentPlace(node, 0));
        }
        return places;
    }

    public static NodeDescription description(String zone, boolean wantsVote) {
        return new NodeDescription(
                zone,
                new Addresses("10.0.0.1:7400", "10.0.0.1:7401", "10.0.0.1:7402", "[fd00::1]:7403"),
                wantsVote,
                1);
    }

    public static ChunkEntry chunkEntry(ChunkState state) {
        return new ChunkEntry(PROFILE, TOKEN, places(6), 1_000_000, 900_000, state);
    }

    public static StreamEntry streamEntry() {
        return new StreamEntry("volume/db", PROFILE, TOKEN, 6, 6, 1);
    }
}
