/**
 * Provides the permanent storage of Waybill. The storage consists of the data folder and of the
 * connections to the database. Either one process uses the data folder alone, or several pods share
 * it. The database is SQLite or PostgreSQL. The classes of this package do not depend on any table.
 *
 * <p>This package may depend on {@code platform}.
 */
@NullMarked
package dev.waybill.storage;

import org.jspecify.annotations.NullMarked;
