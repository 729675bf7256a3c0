/**
 * Handles what all requests and responses have in common: the checks of host, origin and control
 * characters, the limits of requests, the pod's name, the security headers, and problem details for
 * every error that no other package answers.
 *
 * <p>May use {@code platform}, {@code http}, {@code event}, {@code problem} and {@code access}.
 */
@NullMarked
package dev.waybill.web;

import org.jspecify.annotations.NullMarked;
