/**
 * Stores uploaded files: write, open, delete, sweep. It has a small interface, so that an
 * implementation for an object store can be added, and an implementation for the data folder.
 *
 * <p>May use {@code storage}.
 */
@NullMarked
package dev.waybill.file;

import org.jspecify.annotations.NullMarked;
