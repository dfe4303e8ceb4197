package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.ZeroMode;
import io.holdfast.hostio.nbd.transport.PayloadPool;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.ReplyFrame;
import io.holdfast.hostio.nbd.wire.RequestHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request being carried out: the device does it and the reply is written into a buffer. Confined to the
/// thread that carries it out; the reading thread uses one of them again and again.
final class Operation {
    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);
    // Looking for a smaller hole costs more than leaving it out of the reply saves.
    private static final int HOLE_SEARCH_BYTES_MIN = 64 << 10;
    private static final int READ_EXTENT_COUNT_MAX = 16;
    private static final int STATUS_EXTENT_COUNT_MAX = 4096;
    // What the reply to a read has besides the data.
    private static final int READ_OVERHEAD_BYTES_MAX = READ_EXTENT_COUNT_MAX * ReplyFrame.HOLE_BYTES;
    private static final int STATUS_BYTES_MAX =
            ReplyFrame.CHUNK_BYTES + Integer.BYTES + STATUS_EXTENT_COUNT_MAX * 2 * Integer.BYTES;

    private final Session session;
    private final BlockDevice device;
    private int type;
    private int flags;
    private long cookie;
    private long offset;
    private long length;
    private boolean failed;

    Operation(Session session) {
        this.session = session;
        this.device = session.device();
    }

    /// Makes it stand for this request.
    Operation set(RequestHeader request) {
        type = request.type();
        flags = request.flags();
        cookie = request.cookie();
        offset = request.offset();
        length = request.length();
        failed = false;
        return this;
    }

    /// The room that [#execute] needs for the reply.
    int replyBytesMax() {
        return switch (type) {
            case NbdWire.CMD_READ -> (int) Math.min(length, Integer.MAX_VALUE / 2) + READ_OVERHEAD_BYTES_MAX;
            case NbdWire.CMD_BLOCK_STATUS -> STATUS_BYTES_MAX;
            default -> ReplyFrame.ERROR_BYTES_MAX;
        };
    }

    /// The payload that a buffer of its own must hold, besides the headroom of every pooled buffer.
    int bufferBytes() {
        return switch (type) {
            case NbdWire.CMD_READ, NbdWire.CMD_WRITE -> (int) length;
            case NbdWire.CMD_BLOCK_STATUS -> STATUS_BYTES_MAX;
            default -> 0;
        };
    }

    /// Where the reply goes within a buffer of its own: into the headroom if the payload of a write follows.
    ByteBuffer replyIn(ByteBuffer buffer) {
        ByteBuffer reply = buffer.duplicate().clear();
        return switch (type) {
            case NbdWire.CMD_READ -> reply.position(PayloadPool.HEADROOM_BYTES - READ_OVERHEAD_BYTES_MAX);
            case NbdWire.CMD_BLOCK_STATUS -> reply;
            default -> reply.limit(PayloadPool.HEADROOM_BYTES);
        };
    }

    /// Whether the last [#execute] answered with an error.
    boolean hasFailed() {
        return failed;
    }

    Pace.Kind kind() {
        boolean large = length >= Pace.LARGE_BYTES_MIN;
        return switch (type) {
            case NbdWire.CMD_READ -> large ? Pace.Kind.LARGE_READ : Pace.Kind.SMALL_READ;
            case NbdWire.CMD_FLUSH -> Pace.Kind.DURABLE;
            case NbdWire.CMD_WRITE -> {
                if (hasFlag(NbdWire.CMD_FLAG_FUA)) {
                    yield Pace.Kind.DURABLE;
                }
                yield large ? Pace.Kind.LARGE_WRITE : Pace.Kind.SMALL_WRITE;
            }
            default -> hasFlag(NbdWire.CMD_FLAG_FUA) ? Pace.Kind.DURABLE : Pace.Kind.OTHER;
        };
    }

    private boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    /// Does what the request asks and puts the reply at the buffer's position. `payload` holds the bytes of
    /// a write. The buffer has room for [#replyBytesMax()].
    void execute(ByteBuffer payload, ByteBuffer out) {
        int start = out.position();
        int limit = out.limit();
        try {
            execute(payload, out, type);
        } catch (BlockDeviceException failure) {
            LOG.debug("request failed export={} type={} offset={}", name(), type, offset, failure);
            out.limit(limit).position(start);
            error(out, RequestRules.errorOf(failure, type));
        } catch (RuntimeException defect) {
            LOG.error("request met a defect export={} type={} offset={}", name(), type, offset, defect);
            out.limit(limit).position(start);
            error(out, NbdWire.EIO);
        }
    }

    private String name() {
        return session.export().name();
    }

    private void execute(ByteBuffer payload, ByteBuffer out, int command) {
        switch (command) {
            case NbdWire.CMD_READ -> read(out);
            case NbdWire.CMD_WRITE -> {
                device.write(offset, payload, durability());
                ReplyFrame.simple(out, cookie, NbdWire.OK);
            }
            case NbdWire.CMD_FLUSH -> {
                device.flush();
                ReplyFrame.simple(out, cookie, NbdWire.OK);
            }
            case NbdWire.CMD_TRIM -> {
                device.trim(offset, length, durability());
                ReplyFrame.simple(out, cookie, NbdWire.OK);
            }
            case NbdWire.CMD_CACHE -> {
                device.prefetch(offset, length);
                ReplyFrame.simple(out, cookie, NbdWire.OK);
            }
            case NbdWire.CMD_WRITE_ZEROES -> writeZeroes(out);
            case NbdWire.CMD_BLOCK_STATUS -> blockStatus(out);
            default -> error(out, NbdWire.EINVAL);
        }
    }

    private Durability durability() {
        return hasFlag(NbdWire.CMD_FLAG_FUA) ? Durability.DURABLE : Durability.VISIBLE;
    }

    private void writeZeroes(ByteBuffer out) {
        ZeroMode mode = hasFlag(NbdWire.CMD_FLAG_NO_HOLE) ? ZeroMode.KEEP_ALLOCATED : ZeroMode.MAY_FREE_SPACE;
        if (hasFlag(NbdWire.CMD_FLAG_FAST_ZERO) && !device.canZeroFast(offset, length, mode)) {
            error(out, NbdWire.ENOTSUP);
        } else {
            device.writeZeroes(offset, length, mode, durability());
            ReplyFrame.simple(out, cookie, NbdWire.OK);
        }
    }

    private void read(ByteBuffer out) {
        if (!session.structured()) {
            ReplyFrame.simple(out, cookie, NbdWire.OK);
            readPart(out, offset, (int) length);
        } else if (length == 0) {
            ReplyFrame.none(out, cookie);
        } else if (length < HOLE_SEARCH_BYTES_MIN || hasFlag(NbdWire.CMD_FLAG_DF)) {
            ReplyFrame.offsetData(out, cookie, true, offset, (int) length);
            readPart(out, offset, (int) length);
        } else {
            readAroundHoles(out);
        }
    }

    private void readPart(ByteBuffer out, long from, int count) {
        int limit = out.limit();
        out.limit(out.position() + count);
        device.read(from, out);
        out.limit(limit);
    }

    private void readAroundHoles(ByteBuffer out) {
        long end = offset + length;
        List<Extent> extents = device.extents(offset, length, READ_EXTENT_COUNT_MAX - 1);
        long at = offset;
        int index = 0;
        while (at < end) {
            // What lies beyond the extents that were asked for goes out as data.
            boolean known = index < extents.size();
            boolean zero = known && extents.get(index).kind() != Extent.Kind.DATA;
            long partEnd = known ? extents.get(index).end() : end;
            int count = (int) (partEnd - at);
            if (zero) {
                ReplyFrame.offsetHole(out, cookie, partEnd == end, at, count);
            } else {
                ReplyFrame.offsetData(out, cookie, partEnd == end, at, count);
                readPart(out, at, count);
            }
            at = partEnd;
            index++;
        }
    }

    private void blockStatus(ByteBuffer out) {
        int countMax = hasFlag(NbdWire.CMD_FLAG_REQ_ONE) ? 1 : STATUS_EXTENT_COUNT_MAX;
        List<Extent> extents = device.extents(offset, length, countMax);
        ReplyFrame.blockStatus(out, cookie, Session.ALLOCATION_CONTEXT_ID, extents.size());
        for (Extent extent : extents) {
            out.putInt((int) extent.length()).putInt(state(extent.kind()));
        }
    }

    private static int state(Extent.Kind kind) {
        return switch (kind) {
            case DATA -> 0;
            case ZERO -> NbdWire.STATE_ZERO;
            case HOLE -> NbdWire.STATE_HOLE | NbdWire.STATE_ZERO;
        };
    }

    /// Puts an error where the reply would be.
    void error(ByteBuffer out, int error) {
        failed = true;
        if (session.structured()) {
            ReplyFrame.error(out, cookie, error);
        } else {
            ReplyFrame.simple(out, cookie, error);
        }
    }
}
