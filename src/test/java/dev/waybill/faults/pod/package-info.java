/**
 * Fault points: moments in the work on a job at which a pod stops its own clock, when a test asks
 * for it. A pod that is started in the usual way has no trace of this; {@code Cluster} puts these
 * classes into a copy of the jar.
 */
@NullMarked
package dev.waybill.faults.pod;

import org.jspecify.annotations.NullMarked;
