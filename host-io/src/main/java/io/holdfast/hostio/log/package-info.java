/// A stream's striped log: blocks in, rows over the hosts of a chunk out, and back from any k of them.
///
/// ``` LogBatch --append--> LogLane --rows--> OpenChunk --strips--> FragmentHolder (k + m of them)
///    ^                    | in order: all strips of the row, and of every row before, are durable
///    +------ done --------+
/// ```
///
/// Invariants:
/// - A batch is done when all strips of its rows are durable and every batch of its lane before it is done.
///   So what was acknowledged of a chunk is a prefix of its rows, and a new writer ends the chunk before the
///   first row that cannot be put together: nothing behind it was acknowledged.
/// - Sequences grow with every row of the stream; within a lane they grow with chunk and row.
/// - When a holder fails, what is not acknowledged goes again, in order and with new sequences, to a new
///   chunk without it; the old chunk ends where its acknowledged rows end. A crash in between may leave
///   blocks twice, the later ones being the right ones.
/// - A new writer shuts out the old one in the directory, then at the holders of open chunks: at k of them
///   or it does not begin. It completes rows on the holders it reaches and names the others as lost.
/// - That bytes are damaged or gone is said ([io.holdfast.hostio.chunkstore.CorruptDataException]) only when
///   every holder that could have them has answered or was given up as lost; as long as one is silent, they
///   are not available now ([io.holdfast.hostio.chunkstore.StoreUnavailableException]).
///
/// Decisions:
/// - With fewer hosts than a profile needs, a chunk gets fewer data strips and keeps its parity: as safe, and
///   dearer. Only below that, and only if the owner allows it, does parity go.
/// - A silent holder costs its full patience once, when the tokens are installed: a fragment is given up as
///   lost only after that. Whatever can be told by others is asked of them after a fraction of a second, of
///   holders given up as lost too.
/// - Acknowledging in order costs a little when rows overtake each other, and spares a log of what was.
///
/// Threads: virtual ones for what may block, the callers' for sending, the holders' for completing. Lock
/// order: lane, then nothing. Entry class: `StripedLog`.
@NullMarked
package io.holdfast.hostio.log;

import org.jspecify.annotations.NullMarked;
