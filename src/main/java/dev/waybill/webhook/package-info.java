/**
 * Webhooks: posts the end of a job to the URL that its caller named, signed according to Standard
 * Webhooks. Retries until the receiver accepts the delivery or the attempts are used up.
 *
 * <p>May use {@code job}, {@code outgoing}, {@code access}, {@code answer}, {@code event}, {@code
 * platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.webhook;

import org.jspecify.annotations.NullMarked;
