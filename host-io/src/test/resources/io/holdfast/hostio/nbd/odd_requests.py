"""Requests that ordinary clients seldom send, through libnbd with its own checks switched off.

Arguments: the URI of an empty export of 16 MiB with 4 KiB granules.
"""

import sys

import nbd

SIZE = 16 << 20


def connected(uri):
    handle = nbd.NBD()
    handle.set_strict_mode(0)
    handle.add_meta_context(nbd.CONTEXT_BASE_ALLOCATION)
    handle.connect_uri(uri)
    return handle


def errno_of(call, *arguments):
    try:
        call(*arguments)
    except nbd.Error as error:
        return error.errno
    return None


def status(handle, length, offset, flags=0):
    found = []
    handle.block_status(length, offset, lambda *reply: found.append(reply), flags)
    assert len(found) == 1, found
    return found[0][2]


uri = sys.argv[1]
first = connected(uri)
second = connected(uri)
assert first.get_size() == SIZE
assert first.get_structured_replies_negotiated()
for can in ("can_trim", "can_zero", "can_fast_zero", "can_flush", "can_fua", "can_df", "can_cache",
            "can_multi_conn"):
    assert getattr(first, can)(), can

# What one connection was told is done is seen by the other, forced or not.
block = bytes(range(256)) * 16
first.pwrite(block, 8192)
assert second.pread(4096, 8192) == block
second.pwrite(block, 0, nbd.CMD_FLAG_FUA)
second.flush()
assert first.pread(4096, 0) == block
assert first.pread(100, 8200) == block[8:108]

# Holes and zeroes, with and without space.
first.zero(4096, 8192, nbd.CMD_FLAG_NO_HOLE)
assert status(second, 4096, 8192) == [4096, nbd.STATE_ZERO]
first.trim(4096, 8192, nbd.CMD_FLAG_FUA)
assert status(second, 4096, 8192) == [4096, nbd.STATE_ZERO | nbd.STATE_HOLE]
assert len(status(first, SIZE, 0, nbd.CMD_FLAG_REQ_ONE)) == 2
assert status(first, SIZE, 0)[:4] == [4096, 0, SIZE - 4096, nbd.STATE_ZERO | nbd.STATE_HOLE]
assert errno_of(first.zero, 4095, 0, nbd.CMD_FLAG_FAST_ZERO) == "ENOTSUP"
first.zero(4096, 0, nbd.CMD_FLAG_FAST_ZERO)
assert first.pread(4096, 0) == bytes(4096)
first.cache(SIZE, 0)

# Chunks: a hole in the middle of a large read, and none when told not to fragment.
first.pwrite(block, 0)
first.pwrite(block, (1 << 20) - 4096)
kinds = []
buffer = first.pread_structured(1 << 20, 0, lambda data, offset, kind, error: kinds.append(kind))
assert buffer[:4096] == block and buffer[-4096:] == block and not any(buffer[4096:-4096])
assert kinds == [nbd.READ_DATA, nbd.READ_HOLE, nbd.READ_DATA], kinds
kinds = []
first.pread_structured(1 << 20, 0, lambda data, offset, kind, error: kinds.append(kind), nbd.CMD_FLAG_DF)
assert kinds == [nbd.READ_DATA], kinds

# Every mistake has its error, and the connection goes on.
assert errno_of(first.pread, 4096, SIZE - 1) == "EINVAL"
assert errno_of(first.pwrite, block, SIZE - 1) == "ENOSPC"
assert errno_of(first.zero, 4096, SIZE) == "ENOSPC"
assert errno_of(first.trim, 4096, SIZE) == "EINVAL"
assert errno_of(first.pread, 4096, 0, nbd.CMD_FLAG_NO_HOLE) == "EINVAL"
assert errno_of(first.pwrite, block, 0, nbd.CMD_FLAG_DF) == "EINVAL"
assert errno_of(first.trim, 4096, 0, 1 << 9) == "EINVAL"
assert first.pread(4096, 0) == block

# A client without structured replies.
plain = nbd.NBD()
plain.set_request_structured_replies(False)
plain.connect_uri(uri)
assert not plain.get_structured_replies_negotiated()
assert plain.pread(4096, 0) == block
assert errno_of(plain.block_status, 4096, 0, lambda *reply: 0) is not None

for handle in (first, second, plain):
    handle.shutdown()
print("ok")
