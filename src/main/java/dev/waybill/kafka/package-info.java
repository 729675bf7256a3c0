/**
 * Apache Kafka beside Waybill: topics become streams, and the ends of jobs go to a topic. Off
 * without {@code waybill.kafka.bootstrap-servers}: then no class of Kafka's client is loaded.
 *
 * <p>May use {@code channel}, {@code job}, {@code outgoing}, {@code event}, {@code platform} and
 * {@code problem}.
 */
@NullMarked
package dev.waybill.kafka;

import org.jspecify.annotations.NullMarked;
