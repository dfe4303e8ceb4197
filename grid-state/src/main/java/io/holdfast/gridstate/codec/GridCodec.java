package io.holdfast.gridstate.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import io.holdfast.consensus.Proposal;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.GridReply;

/// The codec of commands, replies and records. Writes at one level, reads that and every older one.
/// Concurrent: each call takes a `Kryo` out of a bounded pool.
///
/// Arbitrary bytes give a value or a [CorruptRecordException], and never cost more memory than a small
/// multiple of their size.
public final class GridCodec implements RecordCodec {
    /// The newest level that this release understands.
    public static final int LEVEL_MAX = 9;

    /// Largest frame. A record holds little more than the command that made it.
    public static final int FRAME_BYTES_MAX = 2 * Proposal.COMMAND_BYTES_MAX;

    /// Nested records of a frame; the deepest type has 5.
    private static final int DEPTH_MAX = 16;

    /// Instances kept between calls: enough for as many threads as work at once on a few processors.
    private static final int POOLED_MAX = 16;

    private static final int FIRST_BYTES = 256;

    private final TypeTable table;
    private final int level;
    private final Level[] levels;

    /// Writes at the oldest level, which every node understands.
    public GridCodec() {
        this(1);
    }

    /// Writes at the given level.
    public GridCodec(int level) {
        this(GridTypes.TABLE, level, LEVEL_MAX);
    }

    GridCodec(TypeTable table, int level, int levelMax) {
        if (level < 1 || level > levelMax) {
            throw new IllegalArgumentException("a level is 1 to " + levelMax + ": level=" + level);
        }
        this.table = table;
        this.level = level;
        this.levels = new Level[levelMax];
        for (int i = 0; i < levelMax; i++) {
            levels[i] = new Level(table, i + 1);
        }
    }

    public int level() {
        return level;
    }

    /// A command as a proposal holds it.
    public byte[] encodeCommand(CommandEnvelope envelope) {
        return encode(envelope);
    }

    public CommandEnvelope decodeCommand(byte[] bytes) {
        return decode(CommandEnvelope.class, bytes, 0);
    }

    /// The level at which a frame was written, without reading further; -1 if there is none.
    public int levelOf(byte[] bytes) {
        return bytes.length == 0 ? -1 : Byte.toUnsignedInt(bytes[0]);
    }

    public byte[] encodeReply(GridReply reply) {
        return encode(reply);
    }

    public GridReply decodeReply(byte[] bytes) {
        return decode(GridReply.class, bytes, 0);
    }

    @Override
    public byte[] encode(Object value) {
        Pool<Kryo> pool = levels[level - 1];
        Kryo kryo = pool.obtain();
        try {
            Output output = new Output(FIRST_BYTES, FRAME_BYTES_MAX);
            output.writeByte(level);
            RecordSerializer.writeWithId(kryo, output, value);
            return output.toBytes();
        } catch (KryoException e) {
            throw new IllegalArgumentException(
                    "cannot be written: type=" + value.getClass() + " bytesMax=" + FRAME_BYTES_MAX, e);
        } finally {
            pool.free(kryo);
        }
    }

    @Override
    public <R> R decode(Class<R> type, byte[] bytes, int offset) {
        int length = bytes.length - offset;
        if (length < 2 || length > FRAME_BYTES_MAX) {
            throw new CorruptRecordException(
                    "a frame has 2 to " + FRAME_BYTES_MAX + " bytes: bytes=" + length);
        }
        int writtenAt = Byte.toUnsignedInt(bytes[offset]);
        if (writtenAt < 1 || writtenAt > levels.length) {
            throw new CorruptRecordException(
                    "written at a level unknown here: level=" + writtenAt + " known=1-" + levels.length);
        }
        Pool<Kryo> pool = levels[writtenAt - 1];
        Kryo kryo = pool.obtain();
        try {
            Input input = new Input(bytes, offset + 1, length - 1);
            Object value = RecordSerializer.readWithId(kryo, input, type);
            if (input.position() != input.limit()) {
                throw new CorruptRecordException(
                        "bytes follow the record: count=" + (input.limit() - input.position()));
            }
            return type.cast(value);
        } catch (KryoException e) {
            throw new CorruptRecordException("a frame ends early: bytes=" + length, e);
        } finally {
            pool.free(kryo);
        }
    }

    TypeTable table() {
        return table;
    }

    /// The serializers of one level, shared by its instances.
    private static final class Level extends Pool<Kryo> {
        private final TypeTable table;
        private final int level;
        private final RecordSerializer[] serializers;

        Level(TypeTable table, int level) {
            super(true, false, POOLED_MAX);
            this.table = table;
            this.level = level;
            this.serializers = new RecordSerializer[table.entries().size()];
            for (int i = 0; i < serializers.length; i++) {
                serializers[i] = new RecordSerializer(table.entries().get(i), level);
            }
        }

        @Override
        protected Kryo create() {
            Kryo kryo = new Kryo();
            kryo.setRegistrationRequired(true);
            kryo.setReferences(false);
            kryo.setMaxDepth(DEPTH_MAX);
            for (int i = 0; i < serializers.length; i++) {
                TypeTable.Entry entry = table.entries().get(i);
                if (entry.existsAt(level)) {
                    kryo.register(entry.type(), serializers[i], entry.id());
                }
            }
            return kryo;
        }
    }
}
