/** The packaged service under faults of its machine and under hostile clients. */
@NullMarked
package dev.waybill.harden;

import org.jspecify.annotations.NullMarked;
