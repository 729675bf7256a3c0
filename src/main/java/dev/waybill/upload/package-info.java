/**
 * Intake of files: stream the body to a stored file, check what the caller can fix, answer 202;
 * idempotency keys.
 *
 * <p>May use {@code job}, {@code file}, {@code csv}, {@code product} and {@code problem}.
 */
@NullMarked
package dev.waybill.upload;

import org.jspecify.annotations.NullMarked;
