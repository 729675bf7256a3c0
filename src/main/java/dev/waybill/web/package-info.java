/**
 * Handles what all requests and responses have in common: the checks of the host, the origin and
 * control characters; the limits on requests; the pod's name; the security headers; and the problem
 * details for every error that no other package answers.
 *
 * <p>May use {@code platform}, {@code http}, {@code event}, {@code problem} and {@code access}.
 */
@NullMarked
package dev.waybill.web;

import org.jspecify.annotations.NullMarked;
