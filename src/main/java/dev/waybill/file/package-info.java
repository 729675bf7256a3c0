/**
 * Writes, opens and deletes uploaded files, and cleans up files that are no longer needed. This
 * package contains an interface and an implementation that uses the data folder. The interface is
 * small, so that an implementation for an object store can be added.
 *
 * <p>This package may depend on {@code storage}.
 */
@NullMarked
package dev.waybill.file;

import org.jspecify.annotations.NullMarked;
