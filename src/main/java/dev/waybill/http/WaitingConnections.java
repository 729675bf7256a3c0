package dev.waybill.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import lombok.Locked;
import org.jspecify.annotations.Nullable;

/**
 * The connections that wait for their client. A connection waits if no byte has arrived yet, if the
 * head of its request is unfinished, or if the client may send its next request. The connections
 * are kept in the order in which they started to wait. Thread-safe.
 *
 * @param <C> the connection
 */
final class WaitingConnections<C> {

  /** The bytes for which a connection waits. */
  enum Wait {
    /** The first byte of a request, on a new connection or on a connection that is kept alive. */
    REQUEST,
    /** The remaining bytes of a request head. */
    HEAD
  }

  private record Entry<C>(C connection, Wait waitsFor, String caller, long since) {}

  private final int maxHeads;
  private final int maxHeadsPerCaller;
  private final Predicate<C> isClosed;

  // All fields are guarded by @Locked.
  private final Map<C, Entry<C>> waiting = new LinkedHashMap<>();
  private final Map<C, Entry<C>> heads = new LinkedHashMap<>(); // a subset of waiting
  private final Map<String, Integer> headsByCaller = new HashMap<>();

  /**
   * The connections that were picked to close. Each entry contains the state of the connection at
   * the time when it was picked.
   */
  private final Map<C, Entry<C>> closing = new HashMap<>();

  /**
   * @param isClosed whether a connection is closed; must return true for a connection before {@link
   *     #closed} is called for it
   */
  WaitingConnections(int maxHeads, int maxHeadsPerCaller, Predicate<C> isClosed) {
    this.maxHeads = maxHeads;
    this.maxHeadsPerCaller = maxHeadsPerCaller;
    this.isClosed = isClosed;
  }

  /** Records that the connection waits for a request from now on. */
  @Locked
  void awaitRequest(C connection, long now) {
    remove(connection);
    waiting.put(connection, new Entry<>(connection, Wait.REQUEST, "", now));
    forgetIfClosed(connection);
  }

  /**
   * Records that bytes have arrived on the connection, so that the connection no longer waits.
   *
   * @return the time of the first byte of the connection's unfinished head, or {@code now} if the
   *     connection had no unfinished head
   */
  @Locked
  long arrived(C connection, long now) {
    Entry<C> entry = remove(connection);
    return entry != null && entry.waitsFor() == Wait.HEAD ? entry.since() : now;
  }

  /**
   * Records that the connection waits for the remaining bytes of a request head.
   *
   * @param since the time at which the first byte of the head arrived
   * @return false if the caller has too many unfinished heads, and the connection must close
   */
  @Locked
  boolean awaitHead(C connection, String caller, long since) {
    if (headsByCaller.getOrDefault(caller, 0) >= maxHeadsPerCaller) {
      return false;
    }
    Entry<C> entry = new Entry<>(connection, Wait.HEAD, caller, since);
    waiting.put(connection, entry);
    heads.put(connection, entry);
    headsByCaller.merge(caller, 1, Integer::sum);
    forgetIfClosed(connection);
    return true;
  }

  /**
   * Removes the entry of a closed connection. Another thread can close a connection while a request
   * on it ends. Closing a connection a second time has no effect. So without this check, the entry
   * of the closed connection would stay for ever as the entry that has waited longest. With some
   * hundred entries of closed connections, no other connection would be closed to make room.
   */
  private void forgetIfClosed(C connection) {
    if (isClosed.test(connection)) {
      closed(connection);
    }
  }

  /** Records that the connection is closed. */
  @Locked
  void closed(C connection) {
    remove(connection);
    closing.remove(connection);
  }

  /**
   * Picks the connections that must close now. The caller starts to close each picked connection,
   * and calls {@link #confirmClosing} when no other thread uses the connection.
   *
   * @param headsBefore picks every unfinished head whose first byte arrived at or before this time
   * @param excess the number of connections that must be picked in total, to make room. After the
   *     unfinished heads, picks the connections that have waited longest
   * @param waitingBefore to make room, picks only connections that started to wait at or before
   *     this time
   */
  @Locked
  List<C> close(long headsBefore, int excess, long waitingBefore) {
    List<C> picked = new ArrayList<>();
    int tooMany = heads.size() - maxHeads;
    for (Entry<C> head : heads.values()) {
      // Checks all heads. The heads are not exactly in the order of their first bytes, because each
      // further byte moves a head to the end.
      if (picked.size() < tooMany || head.since() - headsBefore <= 0) {
        pick(head, picked);
      }
    }
    Iterator<Entry<C>> longest = waiting.values().iterator();
    for (int left = excess - picked.size(); left > 0 && longest.hasNext(); left--) {
      Entry<C> entry = longest.next();
      if (entry.since() - waitingBefore > 0) {
        break;
      }
      pick(entry, picked);
    }
    return picked;
  }

  private void pick(Entry<C> entry, List<C> picked) {
    if (closing.putIfAbsent(entry.connection(), entry) == null) {
      picked.add(entry.connection());
    }
  }

  /** The decision about a connection that was picked to close. */
  enum Verdict {
    /** Close the connection, because it still waits in the same state. */
    CLOSE,
    /** Keep the connection, because its client has sent bytes after the connection was picked. */
    KEEP,
    /** Do nothing, because this class did not pick the connection. */
    NOT_PICKED
  }

  @Locked
  Verdict confirmClosing(C connection) {
    Entry<C> picked = closing.remove(connection);
    if (picked == null) {
      return Verdict.NOT_PICKED;
    }
    Entry<C> now = waiting.get(connection);
    boolean sameWait =
        now != null && now.waitsFor() == picked.waitsFor() && now.since() == picked.since();
    return sameWait ? Verdict.CLOSE : Verdict.KEEP;
  }

  @Locked
  int heads() {
    return heads.size();
  }

  @Locked
  int size() {
    return waiting.size();
  }

  private @Nullable Entry<C> remove(C connection) {
    Entry<C> entry = waiting.remove(connection);
    if (entry != null && heads.remove(connection) != null) {
      headsByCaller.computeIfPresent(entry.caller(), (_, count) -> count > 1 ? count - 1 : null);
    }
    return entry;
  }
}
