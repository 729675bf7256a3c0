package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.Outbox.Offer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox(1000, TestSurroundings.ampleBudget());
  private long sequence;

  @Test
  @Shows({"event.progress.latest-wins", "event.rejected.in-order"})
  void newerProgressRemovesTheWaitingOneAndJoinsTheEnd() {
    assertThat(offer(SampleTypes.PROGRESS, "p1")).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.REJECTED, "r1")).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.PROGRESS, "p2")).isEqualTo(Offer.REPLACED);
    assertThat(offer(SampleTypes.REJECTED, "r2")).isEqualTo(Offer.QUEUED);
    assertThat(drained()).containsExactly("r1", "p2", "r2");
  }

  @Test
  void aLatestValueReplacesOnlyTheWaitingOneOfItsNameAndKey() {
    assertThat(offer(price("MUG-1"), "m1")).isEqualTo(Offer.QUEUED);
    assertThat(offer(price("CUP-1"), "c1")).isEqualTo(Offer.QUEUED);
    assertThat(offer(price("MUG-1"), "m2")).isEqualTo(Offer.REPLACED);
    assertThat(drained()).containsExactly("c1", "m2");
  }

  @Test
  void manyKeysCannotPileUpBeyondTheLimit() {
    assertThat(offer(price("MUG-1"), "x".repeat(950))).isEqualTo(Offer.QUEUED);
    assertThat(offer(price("CUP-1"), "y".repeat(100))).isEqualTo(Offer.OVERFLOW);
  }

  @Test
  @Shows("event.rows.skipped")
  void rowsAreSkippedOnlyWhileRowsStillWait() {
    assertThat(offer(SampleTypes.ROWS, "a")).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.ROWS, "b")).isEqualTo(Offer.SKIPPED);
    assertThat(drained()).containsExactly("a");
    assertThat(offer(SampleTypes.ROWS, "c")).isEqualTo(Offer.QUEUED);
    assertThat(drained()).containsExactly("c");
  }

  @Test
  @Shows("external.output-outbox")
  void theLimitDoesNotCountASnapshot() {
    assertThat(offer(SampleTypes.REJECTED, "a".repeat(800))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.SNAPSHOT, "s".repeat(5000))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.REJECTED, "b".repeat(100))).isEqualTo(Offer.QUEUED);
    // A part of the snapshot was taken. The rest still does not count.
    assertThat(outbox.take(1000)).isNotNull();
    assertThat(outbox.take(1000)).isNotNull();
    assertThat(offer(SampleTypes.REJECTED, "c".repeat(700))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.REJECTED, "d".repeat(200))).isEqualTo(Offer.OVERFLOW);
    rest();
    assertThat(outbox.size()).isZero();
    assertThat(offer(SampleTypes.REJECTED, "e".repeat(800))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.REJECTED, "f".repeat(200))).isEqualTo(Offer.OVERFLOW);
  }

  @Test
  void rejectedAndSecondSnapshotsBeyondTheLimitOverflow() {
    assertThat(offer(SampleTypes.REJECTED, "x".repeat(900))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.REJECTED, "y".repeat(100))).isEqualTo(Offer.OVERFLOW);
    assertThat(offer(SampleTypes.SNAPSHOT, "z".repeat(100))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.SNAPSHOT, "z".repeat(100))).isEqualTo(Offer.OVERFLOW);
    assertThat(offer(SampleTypes.ROWS, "r".repeat(100))).isEqualTo(Offer.SKIPPED);
  }

  @Test
  @Shows("event.final.never-dropped")
  void progressAndFinalFindRoomInAFullOutbox() {
    offer(SampleTypes.REJECTED, "x".repeat(950));
    assertThat(offer(SampleTypes.PROGRESS, "p".repeat(100))).isEqualTo(Offer.QUEUED);
    assertThat(offer(SampleTypes.COMPLETE, "c".repeat(100))).isEqualTo(Offer.QUEUED);
    assertThat(drained()).hasSize(3);
  }

  @Test
  void anEmptyOutboxTakesAFrameOfAnySize() {
    assertThat(offer(SampleTypes.SNAPSHOT, "s".repeat(5000))).isEqualTo(Offer.QUEUED);
    assertThat(drained()).hasSize(1);
    assertThat(offer(SampleTypes.SNAPSHOT, "t".repeat(5000))).isEqualTo(Offer.QUEUED);
  }

  @Test
  void cutsBatchesAtTheirMostAndLosesNoByte() {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      String data = Integer.toString(i).repeat(70);
      offer(SampleTypes.REJECTED, data);
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
    offer(SampleTypes.PROGRESS, "old".repeat(40));
    Outbox.Batch part = outbox.take(50);
    assertThat(part).isNotNull();
    assertThat(offer(SampleTypes.PROGRESS, "new")).isEqualTo(Offer.QUEUED);
    assertThat(new String(part.bytes(), StandardCharsets.UTF_8) + rest())
        .isEqualTo(
            "id: 1-1\nevent: progress\ndata: %s\n\nid: 1-2\nevent: progress\ndata: new\n\n"
                .formatted("old".repeat(40)));
  }

  private Offer offer(EventType type, String data) {
    sequence++;
    return outbox.offer(
        EncodedFrame.of(new StreamEvent("s", new EventId(1, sequence), type, data, 0), 0), type);
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

  private static EventType price(String sku) {
    return new EventType("price", Delivery.LATEST, sku);
  }
}
