package io.holdfast.gridstate.hazelcast.entry;

import com.hazelcast.config.Config;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.serialization.ByteArraySerializer;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;

/// How keys, values and operations travel between members. Part of the protocol of one grid; since all its
/// members run the same release and the grid is refilled after an upgrade, nothing here needs to be read by
/// another release.
final class EntrySerialization {
    static final int FACTORY_ID = 7_001;
    static final int APPLY_NEWER = 1;
    static final int APPLY_NEWER_OPERATION = 2;
    static final int NEWEST_WINS = 3;
    static final int DIGEST_OPERATION = 4;
    static final int LISTING_OPERATION = 5;
    static final int AFTER_KEY = 6;
    static final int BY_KEY = 7;
    static final int ADVANCE_WATERMARK = 8;

    private static final int KEY_TYPE = 7_001;
    private static final int VALUE_TYPE = 7_002;
    private static final int WATERMARK_TYPE = 7_003;
    private static final int DIGEST_TYPE = 7_004;
    private static final int LISTING_TYPE = 7_005;

    private EntrySerialization() {}

    static void register(Config config, GridSchema schema) {
        config.getSerializationConfig()
                .addDataSerializableFactory(FACTORY_ID, new Operations())
                .addSerializerConfig(serializer(GridKey.class, new Keys()))
                .addSerializerConfig(serializer(GridValue.class, new Values(schema)))
                .addSerializerConfig(serializer(GridWatermark.class, new Watermarks()))
                .addSerializerConfig(serializer(PartitionDigest.class, new Digests()))
                .addSerializerConfig(serializer(PartitionListing.class, new Listings()));
    }

    private static <T> SerializerConfig serializer(Class<T> type, ByteArraySerializer<T> serializer) {
        return new SerializerConfig().setTypeClass(type).setImplementation(serializer);
    }

    static byte[] readBytes(ObjectDataInput in) throws IOException {
        byte[] bytes = in.readByteArray();
        if (bytes == null) {
            throw new HazelcastSerializationException("bytes are missing");
        }
        return bytes;
    }

    private static final class Operations implements DataSerializableFactory {
        @Override
        public IdentifiedDataSerializable create(int typeId) {
            return switch (typeId) {
                case APPLY_NEWER -> new ApplyNewer();
                case APPLY_NEWER_OPERATION -> new ApplyNewerOperation();
                case NEWEST_WINS -> new NewestWins();
                case DIGEST_OPERATION -> new DigestOperation();
                case LISTING_OPERATION -> new ListingOperation();
                case AFTER_KEY -> new AfterKey();
                case BY_KEY -> new ByKey();
                case ADVANCE_WATERMARK -> new AdvanceWatermark();
                default -> throw new HazelcastSerializationException("no such type: typeId=" + typeId);
            };
        }
    }

    private static final class Keys implements ByteArraySerializer<GridKey> {
        @Override
        public int getTypeId() {
            return KEY_TYPE;
        }

        @Override
        public byte[] write(GridKey key) {
            return key.bytes();
        }

        @Override
        public GridKey read(byte[] bytes) {
            return GridKey.of(bytes);
        }
    }

    private record Values(GridSchema schema) implements ByteArraySerializer<GridValue> {
        @Override
        public int getTypeId() {
            return VALUE_TYPE;
        }

        @Override
        public byte[] write(GridValue value) {
            return value.payload();
        }

        @Override
        public GridValue read(byte[] bytes) {
            return GridValue.ofPayload(bytes, schema);
        }
    }

    private static final class Watermarks implements ByteArraySerializer<GridWatermark> {
        @Override
        public int getTypeId() {
            return WATERMARK_TYPE;
        }

        @Override
        public byte[] write(GridWatermark watermark) {
            return watermark.encode();
        }

        @Override
        public GridWatermark read(byte[] bytes) {
            return GridWatermark.decode(bytes);
        }
    }

    private static final class Digests implements ByteArraySerializer<PartitionDigest> {
        @Override
        public int getTypeId() {
            return DIGEST_TYPE;
        }

        @Override
        public byte[] write(PartitionDigest digest) {
            return digest.encode();
        }

        @Override
        public PartitionDigest read(byte[] bytes) {
            return PartitionDigest.decode(bytes);
        }
    }

    private static final class Listings implements ByteArraySerializer<PartitionListing> {
        @Override
        public int getTypeId() {
            return LISTING_TYPE;
        }

        @Override
        public byte[] write(PartitionListing listing) {
            return listing.encode();
        }

        @Override
        public PartitionListing read(byte[] bytes) {
            return PartitionListing.decode(bytes);
        }
    }
}
