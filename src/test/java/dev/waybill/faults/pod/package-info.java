/**
 * Fault points: moments in the work on a job at which a pod freezes itself if a test asks for it. A
 * pod that is started normally does not contain these classes. {@code Cluster} adds them to a copy
 * of the jar.
 */
@NullMarked
package dev.waybill.faults.pod;

import org.jspecify.annotations.NullMarked;
