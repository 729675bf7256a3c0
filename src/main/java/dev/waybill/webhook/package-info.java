/**
 * Implements webhooks. Posts the end of a job to the URL that the caller of the job has named, and
 * signs the request according to Standard Webhooks. Retries until the receiver accepts the delivery
 * or all attempts are used up.
 *
 * <p>This package may depend on {@code job}, {@code outgoing}, {@code access}, {@code answer},
 * {@code event}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.webhook;

import org.jspecify.annotations.NullMarked;
