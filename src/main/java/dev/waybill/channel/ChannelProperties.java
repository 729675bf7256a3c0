package dev.waybill.channel;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of audience streams, the named streams to which callers publish.
 *
 * @param retainedEvents the maximum number of events of a stream that are kept, 1 to 100,000
 * @param retention the time for which an event is kept, 1 s to 365 d
 * @param maxEventSize the maximum size of an event as sent, in bytes of UTF-8, 100 B to 64 KB
 * @param maxWatchers the maximum number of connections that may watch one stream on one pod, 1 to
 *     1,000,000
 * @param maxStreams the maximum number of streams, 1 to 10,000,000
 * @param messageIdRetention the time for which a publisher's own message ID is remembered, 1 s to
 *     30 d
 * @param rules limits of the streams whose name starts with a prefix; if several prefixes match,
 *     the longest one is used
 */
@Validated
@ConfigurationProperties("waybill.streams")
record ChannelProperties(
    @DefaultValue("1000") @Min(1) @Max(100_000) int retainedEvents,
    @DefaultValue("24h") @DurationMin(seconds = 1) @DurationMax(days = 365) Duration retention,
    @DefaultValue("64KB") DataSize maxEventSize,
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int maxWatchers,
    @DefaultValue("100000") @Min(1) @Max(10_000_000) int maxStreams,
    @DefaultValue("24h") @DurationMin(seconds = 1) @DurationMax(days = 30)
        Duration messageIdRetention,
    @DefaultValue List<@Valid Rule> rules) {

  private static final DataSize SMALLEST_EVENT = DataSize.ofBytes(100);
  private static final DataSize LARGEST_EVENT = DataSize.ofKilobytes(64);

  ChannelProperties {
    requireEventSize("waybill.streams.max-event-size", maxEventSize);
    for (Rule rule : rules) {
      if (rule.maxEventSize() != null) {
        requireEventSize("waybill.streams.rules[].max-event-size", rule.maxEventSize());
      }
    }
  }

  /**
   * Limits of the streams whose names start with one prefix. If a limit is left out, the general
   * limit applies.
   *
   * @param prefix the start of the names
   */
  record Rule(
      @NotBlank String prefix,
      @Nullable @Min(1) @Max(100_000) Integer retainedEvents,
      @Nullable @DurationMin(seconds = 1) @DurationMax(days = 365) Duration retention,
      @Nullable DataSize maxEventSize,
      @Nullable @Min(1) @Max(1_000_000) Integer maxWatchers) {}

  /** The limits of one stream. */
  record Limits(int retainedEvents, Duration retention, DataSize maxEventSize, int maxWatchers) {}

  Limits of(StreamName name) {
    Rule longest = null;
    for (Rule rule : rules) {
      if (name.text().startsWith(rule.prefix())
          && (longest == null || rule.prefix().length() > longest.prefix().length())) {
        longest = rule;
      }
    }
    return longest == null
        ? new Limits(retainedEvents, retention, maxEventSize, maxWatchers)
        : new Limits(
            orElse(longest.retainedEvents(), retainedEvents),
            orElse(longest.retention(), retention),
            orElse(longest.maxEventSize(), maxEventSize),
            orElse(longest.maxWatchers(), maxWatchers));
  }

  private static <T> T orElse(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  private static void requireEventSize(String setting, DataSize size) {
    if (size.compareTo(SMALLEST_EVENT) < 0 || size.compareTo(LARGEST_EVENT) > 0) {
      throw new IllegalArgumentException(
          "%s is %s but must be from 100B to 64KB".formatted(setting, size));
    }
  }
}
