/**
 * Builds answers whose size is not known in advance: pages that end early, and a limit on the heap
 * that all answers in progress may take together. Every answer that is built in memory from stored
 * data uses this package.
 *
 * <p>May use {@code access}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.answer;

import org.jspecify.annotations.NullMarked;
