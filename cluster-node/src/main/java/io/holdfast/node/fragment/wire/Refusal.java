package io.holdfast.node.fragment.wire;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.ConflictException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.StripNotFoundException;
import java.nio.ByteBuffer;

/// A holder's exceptions on their way to the caller.
final class Refusal {
    private static final byte CONFLICT = 1;
    private static final byte CORRUPT = 2;
    private static final byte FENCED = 3;
    private static final byte NO_FRAGMENT = 4;
    private static final byte NO_STRIP = 5;
    private static final byte UNAVAILABLE = 6;

    private Refusal() {}

    static int bytes(ChunkStoreException reason) {
        int more =
                switch (reason) {
                    case CorruptDataException corrupt ->
                        Fields.textBytes(corrupt.where().disk()) + Fields.textBytes(corrupt.where().file())
                                + Long.BYTES;
                    case FencedException _ -> Long.BYTES;
                    default -> 0;
                };
        return 1 + Fields.textBytes(message(reason)) + more;
    }

    static void write(ByteBuffer target, ChunkStoreException reason) {
        target.put(code(reason));
        Fields.putText(target, message(reason));
        switch (reason) {
            case CorruptDataException corrupt -> {
                Fields.putText(target, corrupt.where().disk());
                Fields.putText(target, corrupt.where().file());
                target.putLong(corrupt.where().position());
            }
            case FencedException fenced -> target.putLong(fenced.newestToken());
            default -> {
                // The message says all.
            }
        }
    }

    static ChunkStoreException read(byte code, ByteBuffer in) {
        String message = Fields.text(in);
        return switch (code) {
            case CONFLICT -> new ConflictException(message);
            case CORRUPT -> {
                Place where = new Place(Fields.text(in), Fields.text(in), in.getLong());
                yield new CorruptDataException(where, "sound data", message);
            }
            case FENCED -> new FencedException(message, in.getLong());
            case NO_FRAGMENT -> new FragmentNotFoundException(message);
            case NO_STRIP -> new StripNotFoundException(message);
            case UNAVAILABLE -> new StoreUnavailableException(message);
            default -> throw new FragmentWireException("unknown refusal: code=" + code);
        };
    }

    private static byte code(ChunkStoreException reason) {
        return switch (reason) {
            case ConflictException _ -> CONFLICT;
            case CorruptDataException _ -> CORRUPT;
            case FencedException _ -> FENCED;
            case FragmentNotFoundException _ -> NO_FRAGMENT;
            case StripNotFoundException _ -> NO_STRIP;
            case StoreUnavailableException _ -> UNAVAILABLE;
        };
    }

    private static String message(ChunkStoreException reason) {
        String message = reason.getMessage();
        return message == null ? "" : message;
    }
}
