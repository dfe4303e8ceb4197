/// What a striped log stands on: holders of fragments, here or on other hosts, and the directory of chunks.
///
/// Both are ports. The node implements them over its links and the ledger; this machine's own fragments are
/// reached through `LocalFragmentHolder`. Nothing here knows a peer, a leader or a network.
///
/// Decisions:
/// - Holders answer with futures, since a row goes to several at once; the directory blocks, since it is
///   asked rarely and always by a thread of its own. Callers bound what they have under way; a holder that
///   has too much refuses at once with `StoreUnavailableException`.
/// - A read names several ranges, each of them answered alone, so that one bad block does not cost the rest
///   a round trip. An answer owns its bytes: a late one can be dropped without harm.
/// - A holder that cannot be reached and a disk that failed look the same to a writer: it goes on elsewhere.
///
/// Threads: everything is concurrent. Futures may complete on an event or committer thread: do not block it.
/// Entry types: `FragmentHolder`, `FragmentHolders`, `ChunkDirectory`.
@NullMarked
package io.holdfast.hostio.holder;

import org.jspecify.annotations.NullMarked;
