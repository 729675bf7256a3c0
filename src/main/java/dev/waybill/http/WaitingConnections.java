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
 * The connections that wait for their client: nothing has arrived yet, a head is unfinished, or the
 * client may send its next request. In the order in which they began to wait. Safe for use by many
 * threads.
 *
 * @param <C> the connection
 */
final class WaitingConnections<C> {

  /** What a connection waits for. */
  enum Wait {
    /** The first byte of a request: the connection is new or kept alive. */
    REQUEST,
    /** The rest of a head. */
    HEAD
  }

  private record Entry<C>(C connection, Wait waitsFor, String caller, long since) {}

  private final int maxHeads;
  private final int maxHeadsPerCaller;
  private final Predicate<C> isClosed;

  // All guarded by @Locked.
  private final Map<C, Entry<C>> waiting = new LinkedHashMap<>();
  private final Map<C, Entry<C>> heads = new LinkedHashMap<>(); // a part of the former
  private final Map<String, Integer> headsByCaller = new HashMap<>();

  /** Connections that are asked to close, with what they waited for then. */
  private final Map<C, Entry<C>> closing = new HashMap<>();

  /**
   * @param isClosed whether a connection is closed; must be true before {@link #closed} is called
   */
  WaitingConnections(int maxHeads, int maxHeadsPerCaller, Predicate<C> isClosed) {
    this.maxHeads = maxHeads;
    this.maxHeadsPerCaller = maxHeadsPerCaller;
    this.isClosed = isClosed;
  }

  /** The connection waits for a request from now on. */
  @Locked
  void awaitRequest(C connection, long now) {
    remove(connection);
    waiting.put(connection, new Entry<>(connection, Wait.REQUEST, "", now));
    forgetIfClosed(connection);
  }

  /**
   * Something arrived; the connection waits no longer.
   *
   * @return since when its head is unfinished, or {@code now} if none was
   */
  @Locked
  long arrived(C connection, long now) {
    Entry<C> entry = remove(connection);
    return entry != null && entry.waitsFor() == Wait.HEAD ? entry.since() : now;
  }

  /**
   * The connection waits for the rest of a head.
   *
   * @param since when the first byte of this head arrived
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
   * Another thread can close a connection while a request on it ends. Its entry would stay for
   * ever: it would look like the one that waits longest, nothing could close it again, and with
   * some hundred of them no other connection would make room any more.
   */
  private void forgetIfClosed(C connection) {
    if (isClosed.test(connection)) {
      closed(connection);
    }
  }

  /** The connection is closed. */
  @Locked
  void closed(C connection) {
    remove(connection);
    closing.remove(connection);
  }

  /**
   * Picks the connections that must close now. The caller asks each of them to close, and asks
   * {@link #confirmClosing} when nothing else uses the connection.
   *
   * @param headsBefore heads that are unfinished since then or longer
   * @param excess how many of the others must make room, those that wait longest first
   * @param waitingBefore only those make room that wait since then or longer
   */
  @Locked
  List<C> close(long headsBefore, int excess, long waitingBefore) {
    List<C> picked = new ArrayList<>();
    int tooMany = heads.size() - maxHeads;
    for (Entry<C> head : heads.values()) {
      // Heads are not quite in the order of their first byte: each further byte moves one back.
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

  /** What to do with a connection that was asked to close. */
  enum Verdict {
    /** It still waits for the same thing. */
    CLOSE,
    /** Its client sent something meanwhile. */
    KEEP,
    /** It was not picked here. */
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
