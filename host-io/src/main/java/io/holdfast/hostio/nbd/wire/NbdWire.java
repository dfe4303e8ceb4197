package io.holdfast.hostio.nbd.wire;

/// The numbers of the protocol (proto.md, "Values"), without their `NBD_` prefix.
public final class NbdWire {
    public static final long INIT_PASSWD = 0x4e42444d41474943L;
    public static final long IHAVEOPT = 0x49484156454f5054L;
    public static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    public static final int REQUEST_MAGIC = 0x25609513;
    public static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    public static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

    public static final int FLAG_FIXED_NEWSTYLE = 1;
    public static final int FLAG_NO_ZEROES = 1 << 1;

    public static final int OPT_EXPORT_NAME = 1;
    public static final int OPT_ABORT = 2;
    public static final int OPT_LIST = 3;
    public static final int OPT_STARTTLS = 5;
    public static final int OPT_INFO = 6;
    public static final int OPT_GO = 7;
    public static final int OPT_STRUCTURED_REPLY = 8;
    public static final int OPT_LIST_META_CONTEXT = 9;
    public static final int OPT_SET_META_CONTEXT = 10;

    public static final int REP_ACK = 1;
    public static final int REP_SERVER = 2;
    public static final int REP_INFO = 3;
    public static final int REP_META_CONTEXT = 4;
    public static final int REP_ERR_UNSUP = 1 << 31 | 1;
    public static final int REP_ERR_POLICY = 1 << 31 | 2;
    public static final int REP_ERR_INVALID = 1 << 31 | 3;
    public static final int REP_ERR_TLS_REQD = 1 << 31 | 5;
    public static final int REP_ERR_UNKNOWN = 1 << 31 | 6;
    public static final int REP_ERR_TOO_BIG = 1 << 31 | 9;

    public static final int INFO_EXPORT = 0;
    public static final int INFO_NAME = 1;
    public static final int INFO_DESCRIPTION = 2;
    public static final int INFO_BLOCK_SIZE = 3;

    public static final int TRANSMIT_HAS_FLAGS = 1;
    public static final int TRANSMIT_READ_ONLY = 1 << 1;
    public static final int TRANSMIT_FLUSH = 1 << 2;
    public static final int TRANSMIT_FUA = 1 << 3;
    public static final int TRANSMIT_TRIM = 1 << 5;
    public static final int TRANSMIT_WRITE_ZEROES = 1 << 6;
    public static final int TRANSMIT_DF = 1 << 7;
    public static final int TRANSMIT_CAN_MULTI_CONN = 1 << 8;
    public static final int TRANSMIT_CACHE = 1 << 10;
    public static final int TRANSMIT_FAST_ZERO = 1 << 11;

    public static final int CMD_READ = 0;
    public static final int CMD_WRITE = 1;
    public static final int CMD_DISC = 2;
    public static final int CMD_FLUSH = 3;
    public static final int CMD_TRIM = 4;
    public static final int CMD_CACHE = 5;
    public static final int CMD_WRITE_ZEROES = 6;
    public static final int CMD_BLOCK_STATUS = 7;

    public static final int CMD_FLAG_FUA = 1;
    public static final int CMD_FLAG_NO_HOLE = 1 << 1;
    public static final int CMD_FLAG_DF = 1 << 2;
    public static final int CMD_FLAG_REQ_ONE = 1 << 3;
    public static final int CMD_FLAG_FAST_ZERO = 1 << 4;

    public static final int REPLY_FLAG_DONE = 1;
    public static final int REPLY_NONE = 0;
    public static final int REPLY_OFFSET_DATA = 1;
    public static final int REPLY_OFFSET_HOLE = 2;
    public static final int REPLY_BLOCK_STATUS = 5;
    public static final int REPLY_ERROR = 1 << 15 | 1;

    public static final int STATE_HOLE = 1;
    public static final int STATE_ZERO = 1 << 1;

    public static final int OK = 0;
    public static final int EPERM = 1;
    public static final int EIO = 5;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EOVERFLOW = 75;
    public static final int ENOTSUP = 95;
    public static final int ESHUTDOWN = 108;

    /// The only metadata context that is served.
    public static final String BASE_ALLOCATION = "base:allocation";

    /// The longest string that the protocol allows (proto.md, "Conventions").
    public static final int STRING_BYTES_MAX = 4096;

    private NbdWire() {}
}
