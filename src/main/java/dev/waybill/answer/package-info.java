/**
 * Answers of unknown size: pages that end early, and the bytes of heap that all answers under way
 * may hold together. What is built in memory from stored data goes through here.
 *
 * <p>May use {@code access}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.answer;

import org.jspecify.annotations.NullMarked;
