/**
 * Where everything lasting stands: the data folder with its lock, and the connections to the
 * database. Knows no table.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.storage;

import org.jspecify.annotations.NullMarked;
