/**
 * The permanent storage of Waybill. It consists of the data folder, which one process uses alone or
 * several pods share, and of the connections to the database, which is SQLite or PostgreSQL. This
 * package does not know any tables.
 *
 * <p>May use {@code platform}.
 */
@NullMarked
package dev.waybill.storage;

import org.jspecify.annotations.NullMarked;
