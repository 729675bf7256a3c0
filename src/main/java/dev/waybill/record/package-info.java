/**
 * Records of other systems as streams: one poller for a record over all pods, by SQL or HTTP, as
 * the operator has configured it. Off without a configured kind.
 */
@NullMarked
package dev.waybill.record;

import org.jspecify.annotations.NullMarked;
