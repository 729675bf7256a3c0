/**
 * Connects Waybill to Apache Kafka. The records of topics become events of streams, and the ends of
 * jobs are sent to a topic. Without the setting {@code waybill.kafka.bootstrap-servers}, this
 * package is off, and no class of Kafka's client is loaded.
 *
 * <p>This package may depend on {@code channel}, {@code job}, {@code outgoing}, {@code event},
 * {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.kafka;

import org.jspecify.annotations.NullMarked;
