/**
 * Stored uploads: write, open, delete, sweep. A small port, so that an object store can follow, and
 * its implementation in the data folder.
 *
 * <p>May use {@code storage}.
 */
@NullMarked
package dev.waybill.file;

import org.jspecify.annotations.NullMarked;
