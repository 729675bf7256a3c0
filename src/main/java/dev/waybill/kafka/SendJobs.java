package dev.waybill.kafka;

import dev.waybill.job.Job;
import dev.waybill.job.JobEndListener;
import dev.waybill.job.JobStartListener;
import dev.waybill.job.Jobs;
import dev.waybill.outgoing.CallQueue;
import dev.waybill.outgoing.CallQueues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends the ends of jobs to a Kafka topic and, if the operator has configured this, also the
 * progress of jobs. The transaction that starts or ends a job also adds the job to the queue of
 * this class, so no end can be lost. Each job has only one entry in the queue, so no progress event
 * is sent after the end of the job.
 */
@Component
@ConditionalOnKafka
class SendJobs implements JobStartListener, JobEndListener {

  private static final int AT_ONCE = 16;

  /**
   * The minimum pause after a failure. The pause is random. Without the random part, all pods would
   * retry at the same moment after a broker was down.
   */
  private static final int SHORTEST_PAUSE_MILLIS = 2_000;

  private static final int LONGEST_PAUSE_MILLIS = 8_000;

  private final CallQueue queue;
  private final Jobs jobs;
  private final JobEvent events;
  private final SendRecords records;
  private final KafkaMetrics metrics;
  private final ReportOutage outages;
  private final @Nullable String topic;
  private final @Nullable Duration progress;

  /** The pause before the next event of a job, if the last event was sent without a failure. */
  private final Duration untilNext;

  SendJobs(
      CallQueues queues,
      Jobs jobs,
      JobEvent events,
      SendRecords records,
      KafkaMetrics metrics,
      ReportOutage outages,
      KafkaProperties properties) {
    this.queue = queues.open("kafka_task", AT_ONCE, new Sending());
    this.jobs = jobs;
    this.events = events;
    this.records = records;
    this.metrics = metrics;
    this.outages = outages;
    this.topic = properties.jobsTopic();
    this.progress = properties.jobsProgress().isZero() ? null : properties.jobsProgress();
    this.untilNext = progress == null ? Duration.ofMillis(LONGEST_PAUSE_MILLIS) : progress;
  }

  @Override
  public void started(Job started) {
    if (progress != null) {
      queue.enqueue(started.id());
    }
  }

  @Override
  public void ended(Job ended) {
    if (topic != null) {
      queue.hurry(ended.id());
    }
  }

  /** Sends the state of a job when the queue of calls requests it. */
  private final class Sending implements CallQueue.Handler {

    @Override
    public @Nullable Duration call(String jobId) {
      return send(jobId);
    }

    @Override
    public boolean isDueAtOnce(String jobId, Duration pause) {
      return isEndDue(jobId, pause);
    }
  }

  /**
   * Whether the job has ended while its progress was being sent. In this case the end could not
   * change the job's entry in the queue, because the entry was in use. So the next event must be
   * sent immediately. After a failure the result is always false, so that the pause is kept.
   * Otherwise this pod would send an end again and again, without a pause, to a broker that is
   * down.
   */
  boolean isEndDue(String jobId, Duration pause) {
    return pause.equals(untilNext)
        && jobs.find(jobId).filter(job -> job.status().isFinished()).isPresent();
  }

  /**
   * Sends the current state of a job. Returns the pause before the next event, or null after the
   * end of the job.
   */
  @Nullable Duration send(String jobId) {
    if (topic == null) {
      return null;
    }
    Optional<String> form = jobs.finalForm(jobId, JobEvent.MOST_BYTES);
    if (form.isEmpty()) {
      metrics.lost();
      outages.reportLoss(
          "The job %s was deleted before a broker had confirmed its end".formatted(jobId));
      return null;
    }
    JobEvent.Made event = events.of(form.get());
    if (!event.isEnd() && progress == null) {
      // This job was queued while progress events were still configured. Its entry must stay in the
      // queue. If this code removed the entry at the moment when the job ends, the end would be
      // lost.
      return untilNext;
    }
    try {
      records.send(event.to(topic));
      metrics.sent();
    } catch (KafkaException e) {
      metrics.failed();
      outages.report("jobs", "The state of a job cannot be sent, trying again", e);
      return Duration.ofMillis(
          ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }
    return event.isEnd() ? null : progress;
  }
}
