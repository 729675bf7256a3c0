package dev.waybill.access;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Limits how often a caller does something. Counts by the caller's principal (the holder of a key
 * or JWT) and by the caller's address. The header {@code RateLimit} of the answer to a counted call
 * contains the remaining amount. These quotas apply only while access control is on. While access
 * control is off, the budgets for each address apply.
 */
@Component
@RequiredArgsConstructor
public class Quotas implements RefuseByQuota, LimitAtOnce {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long USUAL_STORED_BYTES = 5L << 30;

  private final QuotaProperties properties;
  private final WindowCounter counter;
  private final PlaceCounter places;
  private final AccessMetrics metrics;

  private record Quota(String name, long limit, Duration window) {}

  /**
   * The maximum number of uploads of a principal that may be in progress. The result is the lower
   * of the quota and the pod's limit.
   *
   * @param allowed the limit of the pod
   */
  public int uploadsAtOnce(int allowed) {
    return properties.uploadsAtOnce() == 0
        ? allowed
        : Math.min(properties.uploadsAtOnce(), allowed);
  }

  /**
   * The maximum number of uploaded bytes of a caller that are not imported yet. The result is the
   * lower of the quota and the pod's limit.
   *
   * @param largestFile the size of the largest file that may be uploaded; without a configured
   *     quota, a caller may always have one such file
   * @param allowed the limit of the pod
   */
  public long stored(Caller caller, long largestFile, long allowed) {
    long quota =
        properties.stored() == null
            ? Math.max(USUAL_STORED_BYTES, largestFile)
            : properties.stored().toBytes();
    return lower(caller, quota, allowed);
  }

  /**
   * The maximum number of jobs of a caller that may wait. The result is the lower of the quota and
   * the pod's limit.
   *
   * @param allowed the limit of the pod
   */
  public int queued(Caller caller, int allowed) {
    return (int) lower(caller, properties.queued(), allowed);
  }

  /**
   * The maximum number of unfinished jobs of other programs that a caller may have. The result is
   * the lower of the quota and the service's limit.
   *
   * @param allowed the limit of the service
   */
  public int externalJobs(Caller caller, int allowed) {
    return (int) lower(caller, properties.externalJobs(), allowed);
  }

  @Override
  public boolean tryTake(AtOnce what, Caller caller, String id) {
    int limit = limit(what);
    if (caller.isAddress() || limit == 0 || places.tryTake(what.of(caller), id, limit)) {
      return true;
    }
    metrics.quotaRefused(what.quota());
    return false;
  }

  @Override
  public void giveBack(AtOnce what, Caller caller, String id) {
    if (!caller.isAddress() && limit(what) != 0) {
      places.giveBack(what.of(caller), id);
    }
  }

  private int limit(AtOnce what) {
    return switch (what) {
      case EMITTERS -> properties.emitters();
      case UPLOADS -> properties.uploadsAtOnce();
    };
  }

  /**
   * The maximum number of clients of a principal that may watch on this pod. The result is the
   * lower of the quota and the pod's limit.
   *
   * @param served the limit of the pod
   */
  public int emitters(int served) {
    return properties.emitters() == 0 ? served : Math.min(properties.emitters(), served);
  }

  /**
   * The maximum number of stored profiles that a caller may have. While access control is off, all
   * clients at one address are one caller.
   */
  public int profiles() {
    return orEndless(properties.profiles());
  }

  /**
   * The maximum number of previews that a caller may have. While access control is off, all clients
   * at one address are one caller.
   */
  public int previews() {
    return orEndless(properties.previews());
  }

  private static int orEndless(int quota) {
    return quota == 0 ? Integer.MAX_VALUE : quota;
  }

  /**
   * The lower of the quota and the allowed limit. A caller that is only known by its address has no
   * quota and gets the allowed limit.
   */
  private static long lower(Caller caller, long quota, long allowed) {
    return caller.isAddress() || quota == 0 ? allowed : Math.min(quota, allowed);
  }

  @Override
  public Problem refuse(String quota, long limit, int retrySeconds, String detail) {
    metrics.quotaRefused(quota);
    return RefuseByQuota.problem(quota, limit, retrySeconds, detail);
  }

  /**
   * Counts events that a caller is about to publish.
   *
   * @throws Problem 429 {@code quota}
   */
  public void takeEvents(HttpServletRequest request, HttpServletResponse response, int events) {
    take(new Quota("events", properties.eventsPerSecond(), SECOND), events, request, response);
  }

  /**
   * Counts a call if calls of its kind have a quota.
   *
   * @throws Problem 429 {@code quota}
   */
  void takeCall(HttpServletRequest request, HttpServletResponse response) {
    Quota quota = quotaOf(AccessRules.name(request));
    if (quota != null) {
      take(quota, 1, request, response);
    }
  }

  private @Nullable Quota quotaOf(String call) {
    return switch (call) {
      case "POST /api/upload/csv" -> new Quota("uploads", properties.uploadsPerMinute(), MINUTE);
      case "POST /api/jobs" -> new Quota("jobs", properties.jobsPerMinute(), MINUTE);
      default -> null;
    };
  }

  private void take(
      Quota quota, long amount, HttpServletRequest request, HttpServletResponse response) {
    Access access = Access.of(request);
    if (quota.limit() == 0 || access.kind() == Access.Kind.UNRESTRICTED) {
      return;
    }
    // A caller without a principal is identified by its address. Then both keys are the same, and
    // one window is enough.
    List<String> windows =
        Stream.of(access.caller(), Caller.atAddressOf(request))
            .distinct()
            .map(caller -> quota.name() + ":" + caller.id())
            .toList();
    WindowCounter.Counted counted = counter.tryAdd(windows, amount, quota.limit(), quota.window());
    show(quota, counted, response);
    if (!counted.granted()) {
      metrics.quotaRefused(quota.name());
      throw Problem.of(
              HttpStatus.TOO_MANY_REQUESTS,
              "quota",
              "A limit per caller is reached",
              "At most %d %s in %d s."
                  .formatted(quota.limit(), quota.name(), quota.window().toSeconds()))
          .retryAfterSeconds((int) seconds(counted));
    }
  }

  private static void show(
      Quota quota, WindowCounter.Counted counted, HttpServletResponse response) {
    response.setHeader(
        "RateLimit-Policy",
        "\"%s\";q=%d;w=%d".formatted(quota.name(), quota.limit(), quota.window().toSeconds()));
    response.setHeader(
        "RateLimit",
        "\"%s\";r=%d;t=%d"
            .formatted(
                quota.name(), Math.max(0, quota.limit() - counted.used()), seconds(counted)));
  }

  private static long seconds(WindowCounter.Counted counted) {
    return Math.max(1, Math.ceilDiv(counted.resetMillis(), 1_000L));
  }
}
