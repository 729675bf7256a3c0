/**
 * The contract is a list of promises in {@code contract.yaml}; each promise is a row. A test
 * anywhere can name the rows that it proves with {@link dev.waybill.contract.Shows}.
 */
@NullMarked
package dev.waybill.contract;

import org.jspecify.annotations.NullMarked;
