package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.DeviceReadOnlyException;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.hostio.blockdevice.NoSpaceException;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.RequestHeader;
import java.util.Arrays;

/// Which error a request gets (proto.md, "Request types" and "Error values"). Pure.
final class RequestRules {
    private static final int COMMAND_COUNT = 8;
    private static final int[] FLAGS_ALLOWED = new int[COMMAND_COUNT];

    static {
        Arrays.fill(FLAGS_ALLOWED, NbdWire.CMD_FLAG_FUA);
        FLAGS_ALLOWED[NbdWire.CMD_READ] |= NbdWire.CMD_FLAG_DF;
        FLAGS_ALLOWED[NbdWire.CMD_WRITE_ZEROES] |= NbdWire.CMD_FLAG_NO_HOLE | NbdWire.CMD_FLAG_FAST_ZERO;
        FLAGS_ALLOWED[NbdWire.CMD_BLOCK_STATUS] |= NbdWire.CMD_FLAG_REQ_ONE;
    }

    private RequestRules() {}

    /// The error of a request that must not reach the device, or [NbdWire#OK].
    static int check(RequestHeader request, Session session) {
        int type = request.type();
        if (type >= COMMAND_COUNT || (request.flags() & ~FLAGS_ALLOWED[type]) != 0) {
            return NbdWire.EINVAL;
        }
        if (request.hasFlag(NbdWire.CMD_FLAG_DF) && !session.structured()) {
            return NbdWire.EINVAL;
        }
        if (type == NbdWire.CMD_FLUSH || type == NbdWire.CMD_DISC) {
            return request.offset() == 0 && request.length() == 0 ? NbdWire.OK : NbdWire.EINVAL;
        }
        if (changes(type) && session.export().refusesChanges()) {
            return NbdWire.EPERM;
        }
        if (type == NbdWire.CMD_BLOCK_STATUS && (!session.allocation() || request.length() == 0)) {
            return NbdWire.EINVAL;
        }
        if (type == NbdWire.CMD_READ && request.length() > session.requestBytesMax()) {
            return session.structured() ? NbdWire.EOVERFLOW : NbdWire.EINVAL;
        }
        if (type == NbdWire.CMD_WRITE && request.length() > session.requestBytesMax()) {
            return NbdWire.EINVAL;
        }
        return checkRange(request, session);
    }

    /// The size counts as it is now, so a client that knows of a resize may use the new part.
    private static int checkRange(RequestHeader request, Session session) {
        long size = session.device().sizeBytes();
        if (request.offset() < 0 || request.offset() > size - request.length()) {
            return outOfRange(request.type());
        }
        boolean aligned = session.device().geometry().isAligned(request.offset(), request.length());
        return aligned ? NbdWire.OK : NbdWire.EINVAL;
    }

    private static boolean changes(int type) {
        return type == NbdWire.CMD_WRITE || type == NbdWire.CMD_TRIM || type == NbdWire.CMD_WRITE_ZEROES;
    }

    private static int outOfRange(int type) {
        boolean stores = type == NbdWire.CMD_WRITE || type == NbdWire.CMD_WRITE_ZEROES;
        return stores ? NbdWire.ENOSPC : NbdWire.EINVAL;
    }

    /// The error that tells a client of this failure of the device.
    static int errorOf(BlockDeviceException failure, int type) {
        return switch (failure) {
            case OutOfRangeException _ -> outOfRange(type);
            case DeviceReadOnlyException _ -> NbdWire.EPERM;
            case NoSpaceException _ -> NbdWire.ENOSPC;
            case DeviceIoException _ -> NbdWire.EIO;
            case FencedException _ -> NbdWire.ESHUTDOWN;
        };
    }
}
