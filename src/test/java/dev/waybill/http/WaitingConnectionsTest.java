package dev.waybill.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.http.WaitingConnections.Verdict;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingConnectionsTest {

  private final Set<String> closed = new HashSet<>();
  private final WaitingConnections<String> waiting =
      new WaitingConnections<>(3, 2, closed::contains);

  @Test
  void aConnectionThatClosedBeforeItBeganToWaitIsNotKept() {
    closed.add("a");
    waiting.closed("a");
    waiting.awaitRequest("a", 0);
    waiting.awaitHead("a", "one", 0);
    waiting.awaitRequest("b", 1);

    assertThat(waiting.size()).isEqualTo(1);
    assertThat(waiting.heads()).isZero();
    assertThat(waiting.close(-1, 1, 100)).as("makes room").containsExactly("b");
  }

  @Test
  void aHeadCountsFromItsFirstByteHoweverManyFollow() {
    waiting.awaitRequest("a", 0);
    assertThat(waiting.arrived("a", 5)).isEqualTo(5);
    waiting.awaitHead("a", "one", 5);
    assertThat(waiting.arrived("a", 9)).isEqualTo(5);
    waiting.awaitHead("a", "one", 5);

    assertThat(waiting.close(4, 0, 100)).isEmpty();
    assertThat(waiting.close(5, 0, 100)).containsExactly("a");
    assertThat(waiting.confirmClosing("a")).isEqualTo(Verdict.CLOSE);
  }

  @Test
  void aHeadThatBecameCompleteMeanwhileIsKept() {
    waiting.awaitHead("a", "one", 5);
    assertThat(waiting.close(5, 0, 100)).containsExactly("a");
    waiting.arrived("a", 6);

    assertThat(waiting.confirmClosing("a")).isEqualTo(Verdict.KEEP);
    assertThat(waiting.confirmClosing("a")).isEqualTo(Verdict.NOT_PICKED);
  }

  @Test
  void aConnectionThatWaitsForItsNextRequestMeanwhileIsKept() {
    waiting.awaitRequest("a", 1);
    assertThat(waiting.close(0, 1, 100)).containsExactly("a");
    waiting.arrived("a", 2);
    waiting.awaitRequest("a", 3);

    assertThat(waiting.confirmClosing("a")).isEqualTo(Verdict.KEEP);
  }

  @Test
  void aNewConnectionMakesNoRoomBeforeItCouldSendItsFirstByte() {
    waiting.awaitRequest("old", 1);
    waiting.awaitRequest("new", 6);

    assertThat(waiting.close(0, 2, 5)).containsExactly("old");
  }

  @Test
  void oneCallerHasOnlySoManyHeads() {
    assertThat(waiting.awaitHead("a", "one", 0)).isTrue();
    assertThat(waiting.awaitHead("b", "one", 0)).isTrue();
    assertThat(waiting.awaitHead("c", "one", 0)).isFalse();
    assertThat(waiting.awaitHead("d", "other", 0)).isTrue();
    waiting.arrived("a", 1);
    assertThat(waiting.awaitHead("c", "one", 1)).isTrue();
  }

  @Test
  void tooManyHeadsMakeRoomAndTheQuietestGoFirst() {
    waiting.awaitHead("a", "one", 0);
    waiting.awaitHead("b", "two", 0);
    waiting.awaitHead("c", "three", 0);
    waiting.awaitHead("d", "four", 0);
    waiting.arrived("a", 1);
    waiting.awaitHead("a", "one", 0);

    assertThat(waiting.close(-1, 0, 100)).containsExactly("b");
  }

  @Test
  void whereConnectionsRunOutThoseThatWaitLongestMakeRoom() {
    waiting.awaitRequest("a", 0);
    waiting.awaitRequest("b", 1);
    waiting.awaitRequest("c", 2);
    waiting.arrived("a", 3);
    waiting.awaitRequest("a", 3);

    assertThat(waiting.close(-1, 2, 100)).containsExactly("b", "c");
    assertThat(waiting.close(-1, 2, 100)).as("they are asked once").isEmpty();
  }

  @Test
  void nothingIsLeftOfAClosedConnection() {
    waiting.awaitHead("a", "one", 0);
    waiting.close(0, 0, 100);
    waiting.closed("a");
    waiting.awaitRequest("b", 0);
    waiting.closed("b");

    assertThat(waiting.size()).isZero();
    assertThat(waiting.heads()).isZero();
    assertThat(waiting.confirmClosing("a")).isEqualTo(Verdict.NOT_PICKED);
    assertThat(waiting.awaitHead("c", "one", 0)).isTrue();
    assertThat(waiting.awaitHead("d", "one", 0)).isTrue();
  }
}
