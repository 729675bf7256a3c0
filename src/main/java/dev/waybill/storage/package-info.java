/**
 * Where Waybill keeps what lasts: the data folder, for one process or shared by several, and the
 * connections to the database, SQLite or PostgreSQL. This package knows no tables.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.storage;

import org.jspecify.annotations.NullMarked;
