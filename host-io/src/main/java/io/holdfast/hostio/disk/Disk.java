package io.holdfast.hostio.disk;

import java.util.List;

/// A flat directory of files on one disk. Concurrent. Names are plain file names without separators.
///
/// Every method may throw a [DiskException], whose kind says what state the disk is in.
public interface Disk extends AutoCloseable {
    /// What the disk is called in logs, metrics and errors.
    String name();

    /// Makes a file of zeros with room reserved for all of it; quick where the file system can reserve
    /// without writing (see [DiskFile#writeZeros]). The file is durable after [DiskFile#sync()] and
    /// [#syncDirectory()].
    ///
    /// @throws DiskIoException if the name is taken
    /// @throws DiskFullException if there is no room; nothing is left behind then
    DiskFile create(String file, long bytes);

    /// Opens an existing file for reading and writing.
    ///
    /// @throws DiskFileNotFoundException if there is none
    DiskFile open(String file);

    /// Gives a file another name, atomically, replacing what had that name.
    void rename(String from, String to);

    void delete(String file);

    /// The names of all files, sorted.
    List<String> list();

    /// Makes creations, renamings and deletions so far durable.
    void syncDirectory();

    DiskCapacity capacity();

    @Override
    void close();
}
