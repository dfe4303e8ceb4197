/// What a catalog is and how it is read, without knowing any of them.
///
/// A [io.holdfast.gridstate.catalog.Catalog] describes one set of versioned records: its keyspace, the form
/// of its keys, the type of its records and the attributes they can be queried by. The API, the publisher
/// to the grid and the watches work on any catalog through it and through
/// [io.holdfast.gridstate.catalog.CatalogReader].
///
/// Stored value of every record: `version (8 bytes, big endian) | record frame`. The version is the index
/// of the ledger entry that wrote it.
@NullMarked
package io.holdfast.gridstate.catalog;

import org.jspecify.annotations.NullMarked;
