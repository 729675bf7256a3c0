/**
 * Handles the tasks that all requests and responses have in common. It checks the host, the origin
 * and control characters, and limits the requests. It adds the pod's name and the security headers
 * to responses. It answers every error that no other package answers with problem details.
 *
 * <p>May use {@code platform}, {@code http}, {@code event}, {@code problem} and {@code access}.
 */
@NullMarked
package dev.waybill.web;

import org.jspecify.annotations.NullMarked;
