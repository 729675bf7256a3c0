/**
 * The permanent storage of Waybill: the data folder, for one process or shared by several, and the
 * connections to the database, SQLite or PostgreSQL. This package does not know any tables.
 *
 * <p>May use {@code platform}.
 */
@NullMarked
package dev.waybill.storage;

import org.jspecify.annotations.NullMarked;
