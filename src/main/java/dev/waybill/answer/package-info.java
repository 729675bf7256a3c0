/**
 * Builds answers whose size is not known in advance. A page ends early if it becomes too large, and
 * all answers in progress together may take only a limited part of the heap. Every answer that is
 * built in memory from stored data uses this package.
 *
 * <p>This package may depend on {@code access}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.answer;

import org.jspecify.annotations.NullMarked;
