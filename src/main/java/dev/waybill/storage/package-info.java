/**
 * Where everything lasting stands: the data folder, alone or shared, and the connections to the
 * database, SQLite or PostgreSQL. Knows no table.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.storage;

import org.jspecify.annotations.NullMarked;
