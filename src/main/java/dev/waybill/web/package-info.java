/**
 * Handles the tasks that all requests and responses have in common. This package checks the host,
 * the origin and control characters, and limits the requests. It adds the pod's name and the
 * security headers to responses. For every error that no other package answers, it sends problem
 * details.
 *
 * <p>This package may depend on {@code platform}, {@code http}, {@code event}, {@code problem} and
 * {@code access}.
 */
@NullMarked
package dev.waybill.web;

import org.jspecify.annotations.NullMarked;
