/**
 * Makes streams from records of other systems. For each watched record, one of the pods polls the
 * record's source by SQL or HTTP, as the operator has configured it. If no kind of record is
 * configured, nothing runs.
 *
 * <p>This package may depend on {@code platform}, {@code stream}, {@code event} and {@code
 * problem}.
 */
@NullMarked
package dev.waybill.record;

import org.jspecify.annotations.NullMarked;
