package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Records what one watcher saw of a job, and checks each connection against the contract. */
final class StressedStream {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern PREFACE = Pattern.compile("retry: 3000\n: .*");
  private static final Pattern EVENT =
      Pattern.compile("id: (\\d+)-(\\d+)\nevent: ([a-z]+)\ndata: ([^\r\n\0]*)");
  private static final int SENT_ONE_BY_ONE = 100;
  private static final List<String> FINAL = List.of("complete", "error", "cancelled");
  private static final List<String> COUNTS =
      List.of("rows", "created", "updated", "unchanged", "rejected");

  private final KnownJob job;

  // For all connections.
  private @Nullable String lastId;
  private int known; // how many of the first rejections the watcher knows

  // For this connection.
  private final StringBuilder unfinished = new StringBuilder();
  private boolean started;
  private boolean ended;
  private long attempt;
  private long sequence;
  private final long[] counts = new long[COUNTS.size() + 1];
  private int events;

  StressedStream(KnownJob job) {
    this.job = job;
  }

  KnownJob job() {
    return job;
  }

  /** The ID after which a connection resumes; null at first. */
  @Nullable String lastId() {
    return lastId;
  }

  /** Whether the final event has come. */
  boolean hasEnded() {
    return ended;
  }

  /** How many events came on this connection. */
  int events() {
    return events;
  }

  /**
   * Starts a new connection.
   *
   * @param resumes whether it sends {@link #lastId()}; otherwise it starts like a first one
   */
  void connect(boolean resumes) {
    unfinished.setLength(0);
    started = false;
    ended = false;
    events = 0;
    Arrays.fill(counts, 0);
    if (resumes && lastId != null) {
      attempt = Long.parseLong(lastId.substring(0, lastId.indexOf('-')));
      sequence = Long.parseLong(lastId.substring(lastId.indexOf('-') + 1));
    } else {
      lastId = null;
      attempt = -1;
      sequence = 0;
      known = 0;
    }
  }

  /** Takes bytes of the body as they arrive. */
  void take(byte[] bytes) {
    unfinished.append(new String(bytes, ISO_8859_1));
    for (int end; (end = unfinished.indexOf("\n\n")) >= 0; ) {
      block(new String(unfinished.substring(0, end).getBytes(ISO_8859_1), UTF_8));
      unfinished.delete(0, end + 2);
    }
  }

  /** The response ended correctly. */
  void end() {
    require(ended, "the stream ended without a final event");
    require(unfinished.isEmpty(), "the stream ended within a frame");
  }

  private void block(String block) {
    if (!started) {
      require(PREFACE.matcher(block).matches(), "first bytes: " + block);
      started = true;
    } else if (!block.startsWith(": ")) {
      Matcher event = EVENT.matcher(block);
      require(event.matches(), "neither comment nor event: " + block);
      event(
          Long.parseLong(event.group(1)),
          Long.parseLong(event.group(2)),
          event.group(3),
          JSON.readTree(event.group(4)));
      events++;
    }
  }

  private void event(long eventAttempt, long eventSequence, String name, JsonNode data) {
    require(!ended, name + " after the final event");
    String id = eventAttempt + "-" + eventSequence;
    boolean same = eventAttempt == attempt && eventSequence == sequence;
    boolean later = eventAttempt > attempt || eventAttempt == attempt && eventSequence > sequence;
    // Only a snapshot may repeat an ID, because it may cover nothing that the watcher has not seen.
    require(later || same && name.equals("snapshot"), name + " " + id + " after " + lastId);
    attempt = eventAttempt;
    sequence = eventSequence;
    lastId = id;
    if (data.has("counts")) {
      requireNoFall(data);
    }
    switch (name) {
      case "snapshot" -> known = Math.max(known, data.at("/counts/rejected").asInt());
      case "rejected" -> rejections(data.get("rejections"));
      case "progress", "rows" -> {}
      default -> {
        require(FINAL.contains(name), "unknown event " + name);
        finalEvent(name, id, data);
      }
    }
  }

  private void requireNoFall(JsonNode data) {
    for (int i = 0; i < counts.length; i++) {
      String path = i < COUNTS.size() ? "/counts/" + COUNTS.get(i) : "/bytes/read";
      long count = data.at(path).asLong();
      require(count >= counts[i], path + " fell from " + counts[i] + " in " + data);
      counts[i] = count;
    }
  }

  private void rejections(JsonNode rejections) {
    for (JsonNode rejection : rejections.values()) {
      int index = Collections.binarySearch(job.rejected(), rejection.get("row").asInt());
      require(index >= 0, "not to be rejected: " + rejection);
      require(index <= known, "rejections missing before " + rejection + ", known " + known);
      known = Math.max(known, index + 1);
    }
  }

  private void finalEvent(String name, String id, JsonNode data) {
    ended = true;
    int rejected = data.at("/counts/rejected").asInt();
    require(
        known >= Math.min(SENT_ONE_BY_ONE, rejected),
        "of " + rejected + " rejections only " + known);
    require(!name.equals("error"), "failed: " + data);
    if (name.equals("complete")) {
      require(data.at("/counts/rows").asInt() == job.rows(), "rows: " + data);
      require(rejected == job.rejected().size(), "rejected: " + data);
    }
    String before = job.finalId().compareAndExchange(null, id);
    require(before == null || before.equals(id), "final event " + id + ", before " + before);
  }

  private void require(boolean kept, String otherwise) {
    if (!kept) {
      throw new AssertionError("job " + job.id() + " at " + lastId + ": " + otherwise);
    }
  }
}
