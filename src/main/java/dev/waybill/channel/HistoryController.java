package dev.waybill.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.LongPolls;
import dev.waybill.answer.Page;
import dev.waybill.answer.PreferWait;
import dev.waybill.event.EventBroadcast;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API that shows audience streams, the named streams to which callers publish, and their
 * retained events.
 */
@RestController
@RequestMapping("/api/streams")
@RequiredArgsConstructor
class HistoryController {

  private static final String LATEST = "latest";

  /**
   * The number of characters of data after which a page of events ends. A page can exceed this
   * number by the size of the last part that was read.
   */
  private static final long PAGE_BYTES = 1 << 20;

  private final ChannelStore store;
  private final ReadHistory history;
  private final AwaitEvents awaitEvents;
  private final LongPolls longPolls;
  private final EventBroadcast broadcast;
  private final AnswerJson answer;
  private final JsonMapper json;

  /** A stream in the form in which callers see it. */
  record StreamView(
      String name,
      int epoch,
      String lastEventId,
      int watchers,
      Instant createdAt,
      Instant lastEventAt,
      boolean closed,
      Retained retained) {}

  /**
   * @param oldestId the ID of the oldest retained event; null if no event is retained
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Retained(int count, @Nullable String oldestId) {}

  /** A page of streams. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Streams(List<StreamView> items, @Nullable String next) {}

  /**
   * A page of events.
   *
   * @param cursor the cursor after the last event of this page
   * @param next the cursor of the next page, or null if there are no more retained events
   * @param gap true if events between the caller's cursor and these events are missing
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Events(
      List<EventView> items,
      @Nullable String next,
      String cursor,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean gap) {}

  /** An event in the form in which a page shows it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EventView(
      String id,
      @Nullable String event,
      @JsonRawValue String data,
      @Nullable Boolean text,
      @Nullable Integer retry) {}

  @GetMapping
  Streams list(
      @RequestParam(defaultValue = "") String prefix,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after) {
    int size = Page.limit(limit);
    if (prefix.length() > StreamName.LONGEST) {
      throw Problem.parameter("prefix has at most %d characters.".formatted(StreamName.LONGEST));
    }
    String behind = after == null ? null : StreamName.legal(after).text();
    List<StoredStream> found = store.page(prefix, behind, size + 1);
    List<StoredStream> page = found.subList(0, Math.min(size, found.size()));
    return new Streams(
        page.stream().map(this::view).toList(),
        found.size() > size ? page.getLast().name().text() : null);
  }

  @GetMapping("/{name}")
  StreamView stream(@PathVariable String name) {
    return store
        .find(StreamName.legal(name))
        .map(this::view)
        .orElseThrow(
            () ->
                Problem.of(
                    HttpStatus.NOT_FOUND,
                    "stream-unknown",
                    "No such stream",
                    "Nothing was published to a stream of this name, or it was forgotten."));
  }

  /**
   * Answers with the history. With {@code Prefer: wait=N} the answer waits up to N seconds for the
   * first event after the cursor. The thread of the request is a virtual thread, so it may block.
   */
  @GetMapping(path = "/{name}/events", produces = MediaType.APPLICATION_JSON_VALUE)
  void events(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (StreamName.isReserved(name)) {
      throw Problem.of(
          HttpStatus.NOT_ACCEPTABLE,
          "not-acceptable",
          "This stream has no history",
          "Ask for text/event-stream: a stream of this kind shows its state and what follows.");
    }
    String streamId = StreamName.legal(name).streamId();
    int size = Page.limit(limit);
    EventId cursor = cursor(streamId, after);
    Duration patience = PreferWait.parse(prefer);
    Caller caller = Caller.of(request);
    // If too many requests already wait, ignores the header Prefer and answers immediately. RFC
    // 7240 allows a server to ignore this header.
    if (patience != null && longPolls.tryStart(caller)) {
      try {
        awaitEvents.after(streamId, cursor, patience);
      } finally {
        longPolls.end(caller);
      }
      response.setHeader("Preference-Applied", "wait=" + patience.toSeconds());
    }
    answer.value(request, response, () -> page(streamId, cursor, after != null, size));
  }

  private EventId cursor(String streamId, @Nullable String after) {
    if (after == null) {
      return EventId.NOTHING;
    }
    if (after.equals(LATEST)) {
      return history.end(streamId).last();
    }
    return EventId.parse(after.split("/", 2)[0])
        .orElseThrow(
            () ->
                Problem.parameter(
                    "after is the cursor of an earlier page, the ID of an event, or latest."));
  }

  /**
   * Reads a page in small parts, so that the page never exceeds {@link #PAGE_BYTES} by more than
   * one part.
   */
  private Events page(String streamId, EventId from, boolean hasCursor, int size) {
    List<EventView> items = new ArrayList<>();
    EventId cursor = from;
    boolean gap = false;
    boolean more = true;
    long bytes = 0;
    while (more && items.size() < size && bytes < PAGE_BYTES) {
      StreamHistory.Part part = history.after(streamId, cursor, size - items.size());
      gap |= part.gap() && hasCursor && items.isEmpty();
      for (StreamEvent event : part.events()) {
        items.add(view(event));
        bytes += event.data().length();
        cursor = event.id();
      }
      more = part.more() && !part.events().isEmpty();
    }
    if (items.isEmpty() && gap) {
      cursor = history.end(streamId).last();
    }
    return new Events(items, more ? cursor.toString() : null, cursor.toString(), gap ? true : null);
  }

  private EventView view(StreamEvent event) {
    StreamEvent.Extras extras = event.extras();
    String id =
        extras.messageId() == null ? event.id().toString() : event.id() + "/" + extras.messageId();
    return new EventView(
        id,
        event.type().name(),
        extras.text() ? json.writeValueAsString(event.data()) : event.data(),
        extras.text() ? true : null,
        extras.retryMillis());
  }

  private StreamView view(StoredStream stream) {
    Optional<EventId> oldest = history.oldest(stream);
    return new StreamView(
        stream.name().text(),
        stream.epoch(),
        stream.lastId().toString(),
        broadcast.watchers(stream.name().streamId()),
        stream.createdAt(),
        stream.lastEventAt(),
        stream.closed(),
        new Retained(history.count(stream), oldest.map(EventId::toString).orElse(null)));
  }
}
