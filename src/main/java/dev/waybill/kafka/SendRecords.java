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
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Sends records and waits until all in-sync replicas have them. Creates its Kafka client for the
 * first record. Thread-safe.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class SendRecords implements DisposableBean {

  private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(2);

  private final KafkaClients clients;
  private final ScopedLock lock = new ScopedLock();
  private @Nullable Producer<byte[], byte[]> producer; // guarded by lock

  /**
   * @throws KafkaException if no broker has accepted the record in time, or a broker has refused it
   */
  void send(ProducerRecord<byte[], byte[]> outgoing) {
    try {
      open()
          .send(outgoing)
          .get(KafkaClients.SEND_TIMEOUT.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while sending", e);
    } catch (TimeoutException e) {
      throw new KafkaException("No broker has taken the record in time", e);
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNull(e.getCause()));
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  private KafkaException failure(Throwable cause) {
    // After any other failure, the Kafka client may be unusable, so the next record gets a new one.
    if (!(cause instanceof RetriableException) && !(cause instanceof RecordTooLargeException)) {
      close();
    }
    return cause instanceof KafkaException failure
        ? failure
        : new KafkaException("The record was not sent", cause);
  }

  @Locked("lock")
  private Producer<byte[], byte[]> open() {
    if (producer == null) {
      producer = clients.producer();
    }
    return producer;
  }

  @Locked("lock")
  private void close() {
    if (producer != null) {
      producer.close(PATIENCE_AT_STOP);
      producer = null;
    }
  }

  @Override
  public void destroy() {
    close();
  }
}
