package dev.waybill.worker;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;
import tools.jackson.core.JsonPointer;

/**
 * The settings of the workers that Waybill calls.
 *
 * @param workers the workers by kind of job, each with {@code url}, {@code mode}, {@code headers},
 *     {@code timeout}, {@code max-calls}, {@code pause}, {@code pick}, {@code on-loss}, {@code
 *     max-time} and {@code max-size}; see jobs-of-others.md
 */
@Validated
@ConfigurationProperties("waybill")
record CalledWorkers(@DefaultValue Map<String, @Valid CalledWorker> workers) {

  /** The way in which a worker reports. */
  enum Mode {
    /** The worker accepts the call, and then reports by its own requests to Waybill. */
    CALLBACK,
    /** The worker reports in its response to the call. */
    STREAM
  }

  /** The action for a job whose worker is lost during the work. */
  enum OnLoss {
    /** The job ends with the error {@code worker-lost}. */
    ERROR,
    /** Waybill calls the worker again, and drops the output of the previous call. */
    RESTART
  }

  /**
   * The settings of one worker.
   *
   * @param url the URL of the worker, http or https; any address is allowed, because the operator
   *     chooses it
   * @param headers the headers that are sent with each request, such as a credential for the worker
   * @param timeout the time within which the worker must send the status of its answer, 100 ms to
   *     10 min
   * @param maxCalls the maximum number of calls for one job, 1 to 20
   * @param pause the pause before the second call, 10 ms to 1 h; each further pause is four times
   *     as long as the previous one, up to 1 h
   * @param pick a JSON pointer to the text in each piece of a streamed answer
   * @param maxTime the maximum time that a streamed answer may take, 1 s to 24 h
   * @param maxSize the maximum size of a streamed answer, 1 B to 1 GB
   */
  record CalledWorker(
      @NotNull URI url,
      @DefaultValue("callback") Mode mode,
      @DefaultValue Map<String, String> headers,
      @DefaultValue("30s") @DurationMin(millis = 100) @DurationMax(minutes = 10) Duration timeout,
      @DefaultValue("5") @Min(1) @Max(20) int maxCalls,
      @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(hours = 1) Duration pause,
      @Nullable String pick,
      @DefaultValue("error") OnLoss onLoss,
      @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration maxTime,
      @DefaultValue("64MB") DataSize maxSize) {

    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E]{0,8000}");
    private static final String OURS = "x-waybill-";
    private static final DataSize LARGEST = DataSize.ofGigabytes(1);

    /**
     * The headers that the operator cannot configure, because Waybill or the HTTP client sets them.
     */
    private static final Set<String> RESERVED =
        Set.of("host", "content-length", "transfer-encoding", "connection", "content-type");

    CalledWorker {
      String scheme = url == null || url.getScheme() == null ? "" : url.getScheme();
      if (url != null
          && (!Set.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT))
              || url.getHost() == null
              || url.getRawUserInfo() != null)) {
        throw new IllegalArgumentException(
            "waybill.workers.<kind>.url needs the form http(s)://host/path, without a user name");
      }
      headers.forEach(CalledWorker::requireHeader);
      if (pick != null && !pick.isEmpty()) {
        JsonPointer.compile(pick);
      }
      if (maxSize.toBytes() < 1 || maxSize.compareTo(LARGEST) > 0) {
        throw new IllegalArgumentException("waybill.workers.<kind>.max-size is from 1B to 1GB");
      }
    }

    private static void requireHeader(String name, String value) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!HEADER_NAME.matcher(name).matches()
          || RESERVED.contains(lower)
          || lower.startsWith(OURS)
          || !HEADER_VALUE.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "waybill.workers.<kind>.headers has a name or a value that cannot be sent: " + name);
      }
    }

    @Nullable JsonPointer pointer() {
      return pick == null || pick.isEmpty() ? null : JsonPointer.compile(pick);
    }

    /** The pause after the given number of calls. */
    Duration pauseAfter(int calls) {
      Duration longest = Duration.ofHours(1);
      Duration wanted = pause.multipliedBy(1L << Math.min(2 * (calls - 1), 30));
      return wanted.compareTo(longest) > 0 ? longest : wanted;
    }

    /** Leaves out the headers, because they may contain a credential. */
    @Override
    public String toString() {
      return "CalledWorker[url=%s, mode=%s]".formatted(url, mode);
    }
  }

  CalledWorkers {
    for (String kind : workers.keySet()) {
      if (!ReadNewJob.isKind(kind)) {
        throw new IllegalArgumentException(
            "waybill.workers.%s: a kind has 1 to 64 characters of a-z, 0-9 and -, starts with a letter, and not with csv-"
                .formatted(kind));
      }
    }
  }

  Optional<CalledWorker> of(String kind) {
    return Optional.ofNullable(workers.get(kind));
  }
}
