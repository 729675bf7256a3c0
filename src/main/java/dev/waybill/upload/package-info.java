/**
 * Receives files: streams the body to a stored file, checks what the caller can fix, and answers
 * 202. Also limits for each caller, and idempotency keys.
 *
 * <p>May use {@code job}, {@code file}, {@code csv}, {@code product} and {@code problem}.
 */
@NullMarked
package dev.waybill.upload;

import org.jspecify.annotations.NullMarked;
