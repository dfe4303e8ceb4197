/// The state store on RocksDB; nothing else imports `org.rocksdb`.
///
/// Each keyspace is a column family; an entry is one write batch over all of them. The write-ahead log is
/// written but not synced: what the death of the machine takes from it, the Raft log gives back, which is
/// why a Raft snapshot (and with it the purge of that log) is only reported once a checkpoint of the store
/// is on the disk. Entry class: [io.holdfast.consensus.rocksdb.RocksStateStore].
@NullMarked
package io.holdfast.consensus.rocksdb;

import org.jspecify.annotations.NullMarked;
