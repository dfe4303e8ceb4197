package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.OptionRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The haggling over options of one connection (proto.md, "Fixed newstyle negotiation" and "Option types"):
/// takes one option after the other, sends its replies to a sink, and says how to go on. Confined to the
/// connection's thread; knows no socket.
final class Negotiation {
    /// Whether a client must, may or cannot encrypt before it goes on.
    enum Encryption {
        NONE,
        OFFERED,
        REQUIRED,
        DONE
    }

    /// How to go on after an option.
    enum Next {
        NEXT_OPTION,
        START_TLS,
        TRANSMIT,
        CLOSE
    }

    /// Where replies go.
    interface Replies {
        void reply(int option, int type, ByteBuffer payload) throws IOException;

        /// The answer to EXPORT_NAME, the only option whose answer has a form of its own.
        void exportChosen(long sizeBytes, int transmissionFlags) throws IOException;
    }

    /// Takes the chosen export for the client, before the client hears that it may have it. Throws
    /// [ExportRefusedException] if it may not.
    @FunctionalInterface
    interface Claim {
        void claim(Export export, NbdClient client);
    }

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Exports exports;
    private final int requestBytesMax;
    private final Replies replies;
    private final Claim claim;
    private NbdClient client;
    private Encryption encryption;
    private boolean structured;
    private @Nullable String allocationOf;
    private @Nullable Session session;

    Negotiation(
            Exports exports,
            NbdClient client,
            Encryption encryption,
            int requestBytesMax,
            Replies replies,
            Claim claim) {
        this.exports = exports;
        this.claim = claim;
        this.client = client;
        this.encryption = encryption;
        this.requestBytesMax = requestBytesMax;
        this.replies = replies;
    }

    /// Everything that was agreed on before encryption counts no more.
    void onEncrypted(NbdClient proven) {
        client = proven;
        encryption = Encryption.DONE;
        structured = false;
        allocationOf = null;
    }

    /// What was agreed on, once [#onOption] has said TRANSMIT.
    Session session() {
        if (session == null) {
            throw new IllegalStateException("no export was chosen");
        }
        return session;
    }

    Next onOption(int option, OptionRequest request) throws IOException {
        boolean allowed = request instanceof OptionRequest.StartTls || request instanceof OptionRequest.Abort;
        if (encryption == Encryption.REQUIRED && !allowed) {
            return option == NbdWire.OPT_EXPORT_NAME
                    ? Next.CLOSE
                    : refuse(option, NbdWire.REP_ERR_TLS_REQD, "this server talks TLS only");
        }
        return switch (request) {
            case OptionRequest.ExportName chosen -> chooseByName(chosen.name());
            case OptionRequest.Abort _ -> {
                replies.reply(option, NbdWire.REP_ACK, EMPTY);
                yield Next.CLOSE;
            }
            case OptionRequest.ListExports _ -> list(option);
            case OptionRequest.StartTls _ -> startTls(option);
            case OptionRequest.Describe wanted -> describe(option, wanted);
            case OptionRequest.StructuredReply _ -> {
                structured = true;
                yield acknowledge(option);
            }
            case OptionRequest.MetaContext asked -> metaContext(option, asked);
            case OptionRequest.Unknown _ ->
                refuse(option, NbdWire.REP_ERR_UNSUP, "this option is not known here");
            case OptionRequest.Malformed malformed ->
                option == NbdWire.OPT_EXPORT_NAME
                        ? Next.CLOSE
                        : refuse(option, NbdWire.REP_ERR_INVALID, malformed.reason());
        };
    }

    /// An option whose data are more than this server reads.
    Next onTooBig(int option) throws IOException {
        return option == NbdWire.OPT_EXPORT_NAME
                ? Next.CLOSE
                : refuse(option, NbdWire.REP_ERR_TOO_BIG, "more data than an option may have");
    }

    private Next acknowledge(int option) throws IOException {
        replies.reply(option, NbdWire.REP_ACK, EMPTY);
        return Next.NEXT_OPTION;
    }

    private Next refuse(int option, int error, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, NbdWire.STRING_BYTES_MAX);
        replies.reply(option, error, ByteBuffer.wrap(text, 0, length));
        return Next.NEXT_OPTION;
    }

    private Next startTls(int option) throws IOException {
        if (encryption == Encryption.NONE) {
            return refuse(option, NbdWire.REP_ERR_POLICY, "this server does not talk TLS");
        }
        if (encryption == Encryption.DONE) {
            return refuse(option, NbdWire.REP_ERR_INVALID, "TLS is on already");
        }
        replies.reply(option, NbdWire.REP_ACK, EMPTY);
        return Next.START_TLS;
    }

    private Next list(int option) throws IOException {
        for (Exports.Listing listing : exports.list(client)) {
            byte[] name = listing.name().getBytes(StandardCharsets.UTF_8);
            byte[] description = listing.description().getBytes(StandardCharsets.UTF_8);
            ByteBuffer payload = ByteBuffer.allocate(Integer.BYTES + name.length + description.length);
            payload.putInt(name.length).put(name).put(description);
            replies.reply(option, NbdWire.REP_SERVER, payload.flip());
        }
        return acknowledge(option);
    }

    private Next chooseByName(String name) throws IOException {
        Optional<Export> found;
        try {
            found = exports.find(name, client);
            found.ifPresent(each -> claim.claim(each, client));
        } catch (ExportRefusedException _) {
            return Next.CLOSE; // EXPORT_NAME has no way to say why.
        }
        if (found.isEmpty()) {
            return Next.CLOSE;
        }
        Export export = found.get();
        replies.exportChosen(
                export.device().sizeBytes(), Session.transmissionFlags(export, structured));
        return transmit(name, export);
    }

    private Next transmit(String name, Export export) {
        int bytesMax = Session.requestBytesMax(export.device().geometry(), requestBytesMax);
        session = new Session(export, structured, structured && name.equals(allocationOf), bytesMax);
        return Next.TRANSMIT;
    }

    private Next describe(int option, OptionRequest.Describe wanted) throws IOException {
        Optional<Export> found;
        try {
            found = exports.find(wanted.name(), client);
            if (wanted.transmit()) {
                found.ifPresent(each -> claim.claim(each, client));
            }
        } catch (ExportRefusedException refused) {
            return refuse(option, NbdWire.REP_ERR_POLICY, refused.reason());
        }
        if (found.isEmpty()) {
            return refuse(option, NbdWire.REP_ERR_UNKNOWN, "there is no export of this name");
        }
        Export export = found.get();
        describeTo(option, export, wanted.wanted());
        replies.reply(option, NbdWire.REP_ACK, EMPTY);
        return wanted.transmit() ? transmit(wanted.name(), export) : Next.NEXT_OPTION;
    }

    private void describeTo(int option, Export export, List<Integer> wanted) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(Short.BYTES + Long.BYTES + Short.BYTES);
        payload.putShort((short) NbdWire.INFO_EXPORT)
                .putLong(export.device().sizeBytes())
                .putShort((short) Session.transmissionFlags(export, structured));
        replies.reply(option, NbdWire.REP_INFO, payload.flip());
        if (wanted.contains(NbdWire.INFO_NAME)) {
            replyText(option, NbdWire.INFO_NAME, export.name());
        }
        if (wanted.contains(NbdWire.INFO_DESCRIPTION) && !export.description().isEmpty()) {
            replyText(option, NbdWire.INFO_DESCRIPTION, export.description());
        }
        if (wanted.contains(NbdWire.INFO_BLOCK_SIZE)) {
            BlockGeometry geometry = export.device().geometry();
            ByteBuffer sizes = ByteBuffer.allocate(Short.BYTES + 3 * Integer.BYTES);
            sizes.putShort((short) NbdWire.INFO_BLOCK_SIZE)
                    .putInt(geometry.minimumBytes())
                    .putInt(geometry.preferredBytes())
                    .putInt(Session.requestBytesMax(geometry, requestBytesMax));
            replies.reply(option, NbdWire.REP_INFO, sizes.flip());
        }
    }

    private void replyText(int option, int kind, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(Short.BYTES + bytes.length);
        replies.reply(option, NbdWire.REP_INFO, payload.putShort((short) kind).put(bytes).flip());
    }

    private Next metaContext(int option, OptionRequest.MetaContext asked) throws IOException {
        if (asked.select()) {
            allocationOf = null;
        }
        if (!structured) {
            return refuse(option, NbdWire.REP_ERR_INVALID, "structured replies come first");
        }
        try {
            if (exports.find(asked.name(), client).isEmpty()) {
                return refuse(option, NbdWire.REP_ERR_UNKNOWN, "there is no export of this name");
            }
        } catch (ExportRefusedException refused) {
            return refuse(option, NbdWire.REP_ERR_POLICY, refused.reason());
        }
        List<String> queries = asked.queries();
        boolean matches = queries.contains(NbdWire.BASE_ALLOCATION)
                || (!asked.select() && (queries.isEmpty() || queries.contains("base:")));
        if (matches) {
            byte[] name = NbdWire.BASE_ALLOCATION.getBytes(StandardCharsets.UTF_8);
            int id = asked.select() ? Session.ALLOCATION_CONTEXT_ID : 0;
            ByteBuffer payload = ByteBuffer.allocate(Integer.BYTES + name.length).putInt(id).put(name);
            replies.reply(option, NbdWire.REP_META_CONTEXT, payload.flip());
            if (asked.select()) {
                allocationOf = asked.name();
            }
        }
        return acknowledge(option);
    }
}
