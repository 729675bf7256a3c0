/**
 * What every answer has in common: the pod's name, the origin check, security headers, and problem
 * details for whatever no feature answers itself.
 *
 * <p>May use {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.web;

import org.jspecify.annotations.NullMarked;
