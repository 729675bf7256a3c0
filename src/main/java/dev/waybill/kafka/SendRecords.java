package dev.waybill.kafka;

import dev.waybill.platform.ScopedLock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.Locked;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Sends records and waits until all in-sync replicas have the records. Creates its Kafka client
 * when the first record is sent. Thread-safe.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class SendRecords implements DisposableBean {

  private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(2);

  /**
   * After a broker has refused the password, no connection is tried for this time. Without this
   * pause, 1,000 waiting jobs would try the password many times a second, and the broker could lock
   * the user.
   */
  private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(2);

  private final KafkaClients clients;
  private final ScopedLock lock = new ScopedLock();
  private @Nullable Producer<byte[], byte[]> producer; // guarded by lock
  private @Nullable AuthenticationException refusal; // guarded by lock
  private long refusedAt; // guarded by lock, System.nanoTime

  /**
   * @throws KafkaException if no broker has accepted the record in time, or a broker has refused
   *     the record
   */
  void send(ProducerRecord<byte[], byte[]> outgoing) {
    Producer<byte[], byte[]> used = open();
    try {
      used.send(outgoing)
          .get(KafkaClients.SEND_TIMEOUT.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while sending", e);
    } catch (TimeoutException e) {
      throw new KafkaException("No broker has taken the record in time", e);
    } catch (ExecutionException e) {
      throw failure(used, Objects.requireNonNull(e.getCause()));
    } catch (KafkaException | IllegalStateException e) {
      throw failure(used, e);
    }
  }

  private KafkaException failure(Producer<byte[], byte[]> used, Throwable cause) {
    if (endsProducer(cause)) {
      retire(used, cause);
    }
    return cause instanceof KafkaException failure
        ? failure
        : new KafkaException("The record was not sent", cause);
  }

  /**
   * Whether the producer cannot be used any more after this failure. All senders share the
   * producer. So the producer must not be closed only because a broker has refused one record.
   */
  private static boolean endsProducer(Throwable cause) {
    return cause instanceof IllegalStateException // the producer is closed
        || cause instanceof AuthenticationException
        || cause instanceof UnsupportedVersionException
        || cause instanceof OutOfOrderSequenceException
        || cause instanceof ProducerFencedException;
  }

  @Locked("lock")
  private Producer<byte[], byte[]> open() {
    if (producer == null) {
      if (refusal != null && System.nanoTime() - refusedAt < PAUSE_AFTER_REFUSAL.toNanos()) {
        throw refusal;
      }
      refusal = null;
      producer = clients.producer();
    }
    return producer;
  }

  private void retire(@Nullable Producer<byte[], byte[]> used, @Nullable Throwable cause) {
    try (var _ = lock.hold()) {
      if (used == null || producer != used) {
        return; // another thread has closed the producer
      }
      producer = null;
      if (cause instanceof AuthenticationException refused) {
        refusal = refused;
        refusedAt = System.nanoTime();
      }
    }
    // Closes the producer without holding the lock, because closing may take seconds and other
    // threads need the lock.
    used.close(PATIENCE_AT_STOP);
  }

  @Override
  public void destroy() {
    Producer<byte[], byte[]> last;
    try (var _ = lock.hold()) {
      last = producer;
    }
    retire(last, null);
  }
}
