/**
 * The contract, row by row, and the tests that show each of its rows. The rows stand in {@code
 * contract.yaml}; a test anywhere says with {@link dev.waybill.contract.Shows} which of them it
 * shows.
 */
@NullMarked
package dev.waybill.contract;

import org.jspecify.annotations.NullMarked;
