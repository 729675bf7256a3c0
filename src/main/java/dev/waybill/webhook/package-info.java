/**
 * Webhooks: posts the end of a job to the address that its caller named, signed as Standard
 * Webhooks has it, and tries again until the receiver accepts it.
 *
 * <p>May use {@code job}, {@code outgoing}, {@code access}, {@code answer}, {@code event}, {@code
 * platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.webhook;

import org.jspecify.annotations.NullMarked;
