/**
 * Receives files. Writes the body to a stored file while the body arrives, checks everything that
 * the caller can correct, and answers with the status 202. Also enforces the limits for each
 * caller, and handles idempotency keys.
 *
 * <p>This package may depend on {@code job}, {@code file}, {@code csv}, {@code product} and {@code
 * problem}.
 */
@NullMarked
package dev.waybill.upload;

import org.jspecify.annotations.NullMarked;
