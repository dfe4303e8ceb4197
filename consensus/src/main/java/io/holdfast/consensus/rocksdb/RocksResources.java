package io.holdfast.consensus.rocksdb;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/// Memory and options that all stores of a process share. Immutable after construction; closed after the
/// last store.
///
/// The sizes are for a node that rests at 300 MiB resident: reads that miss the cache find the page cache.
public final class RocksResources implements AutoCloseable {
    private static final long BLOCK_CACHE_BYTES = 32L << 20;
    private static final long WRITE_BUFFERS_BYTES_MAX = 32L << 20;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;

    /// Small arenas, because most keyspaces hold little and each has its own.
    private static final long ARENA_BLOCK_BYTES = 64L << 10;

    private static final long WAL_BYTES_MAX = 64L << 20;
    private static final int OPEN_FILES_MAX = 512;

    static {
        NativeRocks.load();
    }

    private final Cache cache = new LRUCache(BLOCK_CACHE_BYTES);

    /// Only keeps the account of the write buffers. Charged to the block cache they would push everything
    /// out of it: random reads among 10^6 records took 200 us that way, 7 us this way.
    private final Cache writeBufferAccount = new LRUCache(WRITE_BUFFERS_BYTES_MAX);

    private final WriteBufferManager writeBuffers =
            new WriteBufferManager(WRITE_BUFFERS_BYTES_MAX, writeBufferAccount);
    private final BloomFilter bloom = new BloomFilter(10);
    private final DBOptions database = databaseOptions();
    private final ColumnFamilyOptions keyspace = keyspaceOptions();

    /// Loads RocksDB's native code; making resources does it otherwise.
    public static void loadLibrary() {
        NativeRocks.load();
    }

    private DBOptions databaseOptions() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setMaxFileOpeningThreads(2)
                .setMaxTotalWalSize(WAL_BYTES_MAX)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setWriteBufferManager(writeBuffers)
                .setAvoidFlushDuringShutdown(true)
                .setBytesPerSync(1L << 20)
                .setWalBytesPerSync(1L << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1L << 20)
                .setKeepLogFileNum(2)
                .setMaxManifestFileSize(16L << 20);
    }

    private ColumnFamilyOptions keyspaceOptions() {
        // Index and filter blocks stay with their open files, not in the cache: 1.5 MiB per 10^6 records.
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(bloom);
        return new ColumnFamilyOptions()
                .setTableFormatConfig(tables)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setArenaBlockSize(ARENA_BLOCK_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true);
    }

    DBOptions database() {
        return database;
    }

    ColumnFamilyOptions keyspace() {
        return keyspace;
    }

    @Override
    public void close() {
        database.close();
        keyspace.close();
        bloom.close();
        writeBuffers.close();
        writeBufferAccount.close();
        cache.close();
    }
}
