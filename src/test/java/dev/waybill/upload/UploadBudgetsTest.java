package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.waybill.access.Caller;
import dev.waybill.access.LimitAtOnce;
import dev.waybill.access.RefuseByQuota;
import dev.waybill.contract.Shows;
import dev.waybill.file.Draft;
import dev.waybill.file.FillableFiles;
import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The limits of uploads on heap, disk and time. */
class UploadBudgetsTest {

  private static final Caller ONE = new Caller("address:192.0.2.1");
  private static final Caller TWO = new Caller("address:192.0.2.2");

  @TempDir private Path folder;
  private final Map<String, Long> ofJobs = new HashMap<>();

  @Test
  void theNumberOfUploadsFollowsTheHeap() {
    UploadLimits small = new UploadLimits(properties(Map.of()), new HeapBudget(256L << 20));
    assertThat(small.open).isEqualTo(256);
    assertThat(small.openPerCaller).isEqualTo(64);
    UploadLimits large = new UploadLimits(properties(Map.of()), new HeapBudget(32L << 30));
    assertThat(large.open).isEqualTo(1000);
    UploadLimits set =
        new UploadLimits(
            properties(Map.of("waybill.upload.max-open", 7)), new HeapBudget(256L << 20));
    assertThat(set.open).isEqualTo(7);
    assertThat(set.openPerCaller).isEqualTo(1);
  }

  @Test
  void aFileOfTheLargestSizeAlwaysFitsTheBytes() {
    UploadLimits limits = limits(Map.of("waybill.upload.max-size", "100GB"));
    assertThat(limits.stored).isEqualTo(100L << 30);
    assertThat(limits.storedPerCaller).isEqualTo(100L << 30);
  }

  @Test
  @Shows("problem.busy")
  void anUploadBeyondTheLimitIsRefusedUntilAnotherHasEnded() {
    OpenUploads open =
        new OpenUploads(
            limits(Map.of("waybill.upload.max-open", 3, "waybill.upload.max-open-per-caller", 2)),
            1,
            RefuseByQuota.UNCOUNTED,
            LimitAtOnce.NONE);
    OpenUploads.Place first = open.enter(ONE);
    open.enter(ONE);
    assertRefused(() -> open.enter(ONE), 429, "quota");
    open.enter(TWO);
    assertRefused(() -> open.enter(TWO), 503, "busy");

    first.close();

    open.enter(TWO);
    assertThat(open.count()).isEqualTo(3);
  }

  @Test
  void draftsAndQueuedFilesShareTheBytesOfACaller() {
    StoredBytes stored = stored();
    ofJobs.put(ONE.id(), 1_500L << 10);
    StoredBytes.Counted first = stored.start(ONE);
    first.add(300 << 10);
    StoredBytes.Counted second = stored.start(ONE);
    assertRefused(() -> second.add(300 << 10), 429, "quota");
    second.close();

    StoredBytes.Counted other = stored.start(TWO);
    other.add(1_000 << 10);
    assertRefused(() -> stored.start(new Caller("third")).add(300 << 10), 503, "busy");

    first.close();
    stored.start(ONE).add(300 << 10);
  }

  @Test
  void aDraftThatArrivesInSmallPiecesMayTakeEachFreeByteAndNoMore() {
    StoredBytes stored = stored();
    ofJobs.put(ONE.id(), 1_500L << 10);
    StoredBytes.Counted draft = stored.start(ONE);
    for (int i = 0; i < 548; i++) {
      draft.add(1 << 10);
    }
    assertRefused(() -> draft.add(1), 429, "quota");

    StoredBytes.Counted other = stored.start(TWO);
    for (int i = 0; i < 1_024; i++) {
      other.add(1 << 10);
    }
    assertRefused(() -> other.add(1), 503, "busy");
  }

  @Test
  void aRefusedOrEndedDraftIsCountedNoMore() {
    StoredBytes stored = stored();
    for (int i = 0; i < 100; i++) {
      try (StoredBytes.Counted draft = stored.start(ONE)) {
        draft.add(1_000 << 10);
        assertRefused(() -> draft.add(1_500 << 10), 413, "too-large");
      }
    }
    assertThatNoException().isThrownBy(() -> stored.start(ONE).add(2_000 << 10));
  }

  @Test
  void aFileThatFitsOnlyLaterIsRefusedForNowAndOneThatNeverFitsForGood() {
    StoredBytes stored = stored(Map.of(ONE.id(), 300L << 10));
    ofJobs.put(ONE.id(), 200L << 10);
    assertRefused(() -> stored.start(ONE).add(200 << 10), 429, "quota");

    assertNeverFits(stored.start(ONE), 301 << 10, "307,200 bytes", "waybill.quotas.stored");
    assertNeverFits(
        stored.start(TWO), 2_049 << 10, "2,097,152 bytes", "waybill.upload.max-stored-per-caller");
    StoredBytes unequal = stored(Map.of(ONE.id(), 4L << 20));
    assertNeverFits(
        unequal.start(ONE), 3_073 << 10, "3,145,728 bytes", "waybill.upload.max-stored");
  }

  private static void assertNeverFits(StoredBytes.Counted draft, int bytes, String... words) {
    // The first bytes fit. So they must not hide that the file as a whole never fits.
    draft.add(1 << 10);
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> draft.add(bytes - (1 << 10)))
        .satisfies(
            problem -> {
              assertThat(problem.getStatusCode().value()).isEqualTo(413);
              assertThat(problem.getHeaders().getFirst("Retry-After")).isNull();
              assertThat(problem.getBody().getType()).hasToString("urn:waybill:problem:too-large");
              assertThat(problem.getBody().getDetail()).contains(words);
            });
    draft.close();
  }

  private StoredBytes stored() {
    return stored(Map.of());
  }

  /**
   * @param quotas the bytes that a caller may have, if they differ from the limit of the pod
   */
  private StoredBytes stored(Map<String, Long> quotas) {
    UploadLimits limits =
        limits(
            Map.of(
                "waybill.upload.max-size", "1MB",
                "waybill.upload.max-stored-per-caller", "2MB",
                "waybill.upload.max-stored", "3MB"));
    return new StoredBytes(
        limits,
        () -> Map.copyOf(ofJobs),
        caller -> quotas.getOrDefault(caller.id(), limits.storedPerCaller),
        RefuseByQuota.UNCOUNTED,
        Clock.systemUTC());
  }

  @Test
  @Shows("problem.too-slow")
  void aBodyThatTricklesIsRefusedAfterTenSecondsOfWaiting() throws IOException {
    AtomicLong now = new AtomicLong(-5);
    InputStream trickle = arriving(now, Duration.ofSeconds(4), 1);
    BodyStream body = new BodyStream(trickle, pace(1024, Duration.ofHours(1)), now::get);
    byte[] buffer = new byte[8192];
    body.read(buffer, 0, 8192);
    body.read(buffer, 0, 8192);
    assertRefused(() -> body.read(buffer, 0, 8192), 408, "too-slow");
    assertThat(body.bytes()).isEqualTo(3);
  }

  @Test
  void aBodyAtTheLeastRateIsTakenUntilItsLongestTimeIsOver() throws IOException {
    AtomicLong now = new AtomicLong();
    InputStream steady = arriving(now, Duration.ofSeconds(1), 1024);
    BodyStream body = new BodyStream(steady, pace(1024, Duration.ofSeconds(60)), now::get);
    byte[] buffer = new byte[8192];
    for (int i = 0; i < 60; i++) {
      body.read(buffer, 0, 8192);
    }
    assertRefused(() -> body.read(buffer, 0, 8192), 408, "too-slow");
  }

  @Test
  void timeThatTheServerTakesIsNotTheClientsFault() throws IOException {
    AtomicLong now = new AtomicLong();
    BodyStream body =
        new BodyStream(arriving(now, Duration.ZERO, 1), pace(1024, Duration.ofHours(1)), now::get);
    for (int i = 0; i < 100; i++) {
      body.read(new byte[1], 0, 1);
      now.addAndGet(Duration.ofSeconds(10).toNanos());
    }
    assertThat(body.bytes()).isEqualTo(100);
  }

  private static BodyStream.Pace pace(long rate, Duration longest) {
    return new BodyStream.Pace(rate, longest);
  }

  /** A stream whose reads each wait and return a number of bytes. */
  private static InputStream arriving(AtomicLong now, Duration wait, int bytes) {
    return new InputStream() {
      @Override
      public int read() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        now.addAndGet(wait.toNanos());
        return Math.min(bytes, length);
      }
    };
  }

  @Test
  void aSmallBodyThatInflatesBeyondTheRatioIsRefused() throws IOException {
    byte[] bomb = gzip(new byte[0], 100 << 20);
    assertRefused(() -> receive(bomb, 200), 413, "too-large");
    receive(gzip("sku,name\n".getBytes(UTF_8), 10 << 20), 200);
    receive(bomb, 2000);
  }

  private void receive(byte[] body, int ratio) throws IOException {
    ReceiveFile.Rules rules =
        new ReceiveFile.Rules(1 << 30, ratio, pace(1024, Duration.ofHours(1)));
    try (Draft draft = new FillableFiles(folder).begin()) {
      new ReceiveFile(draft, rules, _ -> {}, UploadParameters.parse(null))
          .receive(UploadForm.of("text/csv", null), new ByteArrayInputStream(body), body.length);
    }
  }

  private static byte[] gzip(byte[] head, int blanks) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(head);
      byte[] lines = "\n".repeat(1 << 16).getBytes(UTF_8);
      for (int written = 0; written < blanks; written += lines.length) {
        gzip.write(lines);
      }
    }
    return out.toByteArray();
  }

  private static UploadLimits limits(Map<String, Object> settings) {
    return new UploadLimits(properties(settings), new HeapBudget(256L << 20));
  }

  private static UploadProperties properties(Map<String, Object> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("waybill.upload", UploadProperties.class);
  }

  private static void assertRefused(ThrowingCallable call, int status, String name) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(call)
        .satisfies(
            problem -> {
              assertThat(problem.getStatusCode().value()).isEqualTo(status);
              assertThat(problem.getBody().getType()).hasToString("urn:waybill:problem:" + name);
            });
  }
}
