package io.holdfast.consensus;

/// One command on its way into the ledger.
///
/// @param session who proposes; [SessionId#NONE] where a repetition does no harm
/// @param sequence the number of the command within its session, growing from 1; a retry repeats it
/// @param acknowledged every sequence up to this one has been answered to the proposer, so its result may
/// be forgotten
/// @param command the encoded command, 1 byte to [#COMMAND_BYTES_MAX]; not copied, so the caller must not
/// change it
@SuppressWarnings("ArrayRecordComponent") // Handed over, never shared: a copy per command would be garbage.
public record Proposal(SessionId session, long sequence, long acknowledged, byte[] command) {
    /// Bounds what one caller can put into an entry, and with it the memory of every peer.
    public static final int COMMAND_BYTES_MAX = 1 << 20;

    /// Results kept per session for retries; a proposer may have at most so many commands unanswered.
    public static final int OUTSTANDING_MAX = 1_024;

    public Proposal {
        if (command.length == 0 || command.length > COMMAND_BYTES_MAX) {
            throw new InvalidProposalException(
                    "a command has 1 to " + COMMAND_BYTES_MAX + " bytes: bytes=" + command.length);
        }
        if (sequence < 0 || acknowledged < 0 || acknowledged > sequence) {
            throw new InvalidProposalException(
                    "0 <= acknowledged <= sequence: acknowledged=" + acknowledged + " sequence=" + sequence);
        }
    }

    public static Proposal sessionless(byte[] command) {
        return new Proposal(SessionId.NONE, 0, 0, command);
    }
}
