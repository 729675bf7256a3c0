package dev.waybill.kafka;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for topics of Apache Kafka that become streams, and for the topic to which the ends of
 * jobs are sent.
 *
 * @param bootstrapServers brokers as {@code host:port}, separated by commas; without this setting,
 *     Kafka is off
 * @param group the consumer group that all pods of one service share
 * @param topics the topics that become streams, at most 100; a name with a dot is written {@code
 *     topics[orders.v1].stream}
 * @param jobsTopic the topic to which the end of every job is sent; without this setting, no end is
 *     sent
 * @param jobsProgress the time between two progress events of a running job on the topic for jobs,
 *     1 s to 1 h; with 0 s only ends are sent
 * @param properties further settings of Kafka's clients, such as {@code security.protocol}
 */
@Validated
@ConfigurationProperties("waybill.kafka")
record KafkaProperties(
    @Nullable String bootstrapServers,
    @DefaultValue("waybill") @NotBlank @Size(max = 200) String group,
    @DefaultValue @Size(max = 100) Map<String, @Valid Topic> topics,
    @Nullable String jobsTopic,
    @DefaultValue("0s") @NotNull @DurationMin(seconds = 0) @DurationMax(hours = 1)
        Duration jobsProgress,
    @DefaultValue Map<String, String> properties) {

  /**
   * The suffix of the name of a dead-letter topic. A dead-letter topic gets the records that cannot
   * be published.
   */
  static final String DEAD_LETTERS = ".waybill-dlt";

  private static final Duration SHORTEST_PROGRESS = Duration.ofSeconds(1);
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,236}");

  KafkaProperties {
    jobsTopic = jobsTopic == null || jobsTopic.isBlank() ? null : jobsTopic;
    topics.forEach(
        (name, topic) -> {
          String setting = "waybill.kafka.topics." + name;
          requireTopic(setting, name);
          RecordTemplate.parse(setting + ".stream", topic.stream());
          RecordTemplate.parse(setting + ".event", topic.event());
        });
    if (jobsTopic != null) {
      requireTopic("waybill.kafka.jobs-topic", jobsTopic);
    }
    boolean isOff = bootstrapServers == null || bootstrapServers.isBlank();
    if (isOff && (jobsTopic != null || !topics.isEmpty())) {
      throw new IllegalArgumentException(
          "waybill.kafka has a topic but no broker: set waybill.kafka.bootstrap-servers");
    }
    if (jobsProgress.isPositive() && jobsProgress.compareTo(SHORTEST_PROGRESS) < 0) {
      throw new IllegalArgumentException(
          "waybill.kafka.jobs-progress is %s but must be 0s, or from 1s to 1h"
              .formatted(jobsProgress));
    }
    if (jobsProgress.isPositive() && jobsTopic == null) {
      throw new IllegalArgumentException(
          "waybill.kafka.jobs-progress needs waybill.kafka.jobs-topic");
    }
    topics = Map.copyOf(topics);
    properties = Map.copyOf(properties);
  }

  /** The format of a record's value. */
  enum Format {
    /** The record's value is JSON. */
    JSON,
    /** The record's value is plain text. */
    TEXT
  }

  /** The position at which the service starts to read a partition that it has never read before. */
  enum Start {
    /** At the oldest record of the partition. */
    EARLIEST,
    /** At the first record that is added after Waybill has started to read. */
    LATEST
  }

  /**
   * The rules by which the records of one topic become events.
   *
   * @param stream the name of the stream, such as {@code orders-{key}}; {@code {key}} is the
   *     record's key and {@code {header:x}} its header x, as text
   * @param event the name of the event, in the same form; if the record does not have the key or
   *     header, the event has no name
   * @param format the format of the record's value
   * @param start the position at which Waybill starts to read a topic that it has never read
   *     before. A partition that is added to the topic later is read from its beginning
   */
  record Topic(
      @NotBlank String stream,
      @DefaultValue("{header:event}") @NotNull String event,
      @DefaultValue("json") @NotNull Format format,
      @DefaultValue("earliest") @NotNull Start start) {}

  private static void requireTopic(String setting, String name) {
    if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "%s: a topic has 1 to 236 characters of A-Z a-z 0-9 . _ -".formatted(setting));
    }
  }

  /** Leaves out the further settings, because they may contain a credential. */
  @Override
  public String toString() {
    return "KafkaProperties[%s, %s]".formatted(bootstrapServers, topics.keySet());
  }
}
