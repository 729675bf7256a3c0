/**
 * What every request and answer has in common: the checks of host, origin and control characters,
 * limits of requests, the pod's name, security headers, and problem details for whatever no feature
 * answers itself.
 *
 * <p>May use {@code platform}, {@code http}, {@code event}, {@code problem} and {@code access}.
 */
@NullMarked
package dev.waybill.web;

import org.jspecify.annotations.NullMarked;
