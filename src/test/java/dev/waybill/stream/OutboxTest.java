package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.Outbox.Offer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox(1000);
  private long sequence;

  @Test
  @Shows({"event.progress.latest-wins", "event.rejected.in-order"})
  void newerProgressRemovesTheWaitingOneAndJoinsTheEnd() {
    assertThat(offer(EventType.PROGRESS, "p1")).isEqualTo(Offer.QUEUED);
    assertThat(offer(EventType.REJECTED, "r1")).isEqualTo(Offer.QUEUED);
    assertThat(offer(EventType.PROGRESS, "p2")).isEqualTo(Offer.REPLACED);
    assertThat(offer(EventType.REJECTED, "r2")).isEqualTo(Offer.QUEUED);
    assertThat(drained()).containsExactly("r1", "p2", "r2");
  }

  @Test
  @Shows("event.rows.skipped")
  void rowsAreSkippedOnlyWhileRowsStillWait() {
    assertThat(offer(EventType.ROWS, "a")).isEqualTo(Offer.QUEUED);
    assertThat(offer(EventType.ROWS, "b")).isEqualTo(Offer.SKIPPED);
    assertThat(drained()).containsExactly("a");
    assertThat(offer(EventType.ROWS, "c")).isEqualTo(Offer.QUEUED);
    assertThat(drained()).containsExactly("c");
  }

  @Test
  void rejectedAndSnapshotsBeyondTheLimitOverflow() {
    assertThat(offer(EventType.REJECTED, "x".repeat(900))).isEqualTo(Offer.QUEUED);
    assertThat(offer(EventType.REJECTED, "y".repeat(100))).isEqualTo(Offer.OVERFLOW);
    assertThat(offer(EventType.SNAPSHOT, "z".repeat(100))).isEqualTo(Offer.OVERFLOW);
    assertThat(offer(EventType.ROWS, "r".repeat(100))).isEqualTo(Offer.SKIPPED);
  }

  @Test
  @Shows("event.final.never-dropped")
  void progressAndFinalFindRoomInAFullOutbox() {
    offer(EventType.REJECTED, "x".repeat(950));
    assertThat(offer(EventType.PROGRESS, "p".repeat(100))).isEqualTo(Offer.QUEUED);
    assertThat(offer(EventType.COMPLETE, "c".repeat(100))).isEqualTo(Offer.QUEUED);
    assertThat(drained()).hasSize(3);
  }

  @Test
  void anEmptyOutboxTakesAFrameOfAnySize() {
    assertThat(offer(EventType.SNAPSHOT, "s".repeat(5000))).isEqualTo(Offer.QUEUED);
    assertThat(drained()).hasSize(1);
    assertThat(offer(EventType.SNAPSHOT, "t".repeat(5000))).isEqualTo(Offer.QUEUED);
  }

  @Test
  void cutsBatchesAtTheirMostAndLosesNoByte() {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      String data = Integer.toString(i).repeat(70);
      offer(EventType.REJECTED, data);
      expected.append("id: 1-%d\nevent: rejected\ndata: %s\n\n".formatted(sequence, data));
    }
    StringBuilder actual = new StringBuilder();
    int events = 0;
    for (Outbox.Batch batch = outbox.take(64); batch != null; batch = outbox.take(64)) {
      assertThat(batch.bytes()).hasSizeLessThanOrEqualTo(64);
      actual.append(new String(batch.bytes(), StandardCharsets.UTF_8));
      events += batch.events();
    }
    assertThat(actual.toString()).isEqualTo(expected.toString());
    assertThat(events).isEqualTo(5);
  }

  @Test
  void progressThatHasPartlyLeftIsNotReplaced() {
    offer(EventType.PROGRESS, "old".repeat(40));
    Outbox.Batch part = outbox.take(50);
    assertThat(part).isNotNull();
    assertThat(offer(EventType.PROGRESS, "new")).isEqualTo(Offer.QUEUED);
    assertThat(new String(part.bytes(), StandardCharsets.UTF_8) + rest())
        .isEqualTo(
            "id: 1-1\nevent: progress\ndata: %s\n\nid: 1-2\nevent: progress\ndata: new\n\n"
                .formatted("old".repeat(40)));
  }

  private Offer offer(EventType type, String data) {
    sequence++;
    return outbox.offer(
        Frame.of(new StreamEvent("s", new EventId(1, sequence), type, data, 0), 0), type);
  }

  private String rest() {
    StringBuilder text = new StringBuilder();
    for (Outbox.Batch batch = outbox.take(64); batch != null; batch = outbox.take(64)) {
      text.append(new String(batch.bytes(), StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private String[] drained() {
    return rest()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .toArray(String[]::new);
  }
}
