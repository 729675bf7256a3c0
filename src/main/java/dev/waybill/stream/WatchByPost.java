package dev.waybill.stream;

import dev.waybill.access.Caller;
import dev.waybill.problem.Problem;
import dev.waybill.stream.AcceptClient.Answer;
import dev.waybill.stream.AcceptClient.Watch;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Answers a POST by which a client creates something, such as a job, with the stream of the created
 * thing. The client reads the stream with {@code fetch}. Unlike with {@code EventSource}, a page
 * that uses {@code fetch} can read the status and the body of a refusal. Therefore a refusal is a
 * problem document with status 503. If the stream has already ended, the response is empty. If the
 * server ends the stream early, the response is broken off without its last chunk.
 */
@Component
@RequiredArgsConstructor
public class WatchByPost {

  private static final int RETRY_SECONDS = 5;

  /** The maximum size, in bytes, of the first snapshot of something that was just created. */
  private static final int FIRST_SNAPSHOT_BYTES = 8 * 1024;

  private final ChooseTransport chooseTransport;
  private final AdmitClient admitClient;
  private final AcceptClient acceptClient;
  private final AnswerStream answerStream;
  private final OutboxBudget budget;
  private final Surroundings surroundings;

  /**
   * Registers the client of this request. The caller must close the result before the thread leaves
   * the request.
   *
   * @param streamId the stream that the client will watch; the stream need not exist yet
   * @throws Problem 503 if there is no room, or the pod is shutting down
   */
  public Place takePlace(String streamId, HttpServletRequest request) throws IOException {
    Transport transport = chooseTransport.choose(request);
    if (!budget.tryReserve(FIRST_SNAPSHOT_BYTES, 0)) {
      surroundings.metrics().refused();
      throw noRoom();
    }
    ClientStream client =
        new ClientStream(streamId, Caller.of(request).id(), transport, surroundings);
    Place place = new Place(streamId, client);
    if (!admitClient.takePlace(client)) {
      place.close();
      throw noRoom();
    }
    return place;
  }

  /**
   * A registered client that has no connection yet. Live events of the client's stream wait until
   * the client has a connection.
   */
  @RequiredArgsConstructor
  public final class Place implements AutoCloseable {

    private final String streamId;
    private final ClientStream client;
    private boolean opened;

    /**
     * Starts the response with the events that the client has missed. May block on the event log
     * and the database.
     *
     * @throws Problem 404 if the stream does not exist, 503 if it cannot be read now
     */
    public @Nullable ResponseEntity<SseEmitter> open(
        HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      Optional<Cursor> seen =
          Cursor.of(request.getHeader("Last-Event-ID"), request.getParameter("lastEventId"));
      Answer answer = acceptClient.openAtPlace(client, new Watch(streamId, seen, false, false));
      opened = answer instanceof Answer.Accepted;
      return switch (answer) {
        case Answer.Refused() -> throw noRoom();
        case Answer.AlreadyEnded() -> {
          response.setContentLength(0);
          yield ResponseEntity.ok().headers(AnswerStream.HEADERS).build();
        }
        case Answer.Accepted _, Answer.Open _, Answer.Unknown _ ->
            answerStream.answer(answer, request, response);
      };
    }

    /** Removes the client unless its stream was opened. */
    @Override
    public void close() {
      budget.release(FIRST_SNAPSHOT_BYTES);
      if (!opened) {
        client.gone();
      }
    }
  }

  private static Problem noRoom() {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "There is no room for another stream",
            "Too many clients watch, or this server is stopping. Send the same request again.")
        .retryAfterSeconds(RETRY_SECONDS);
  }

  /**
   * Whether the client of a POST wants to watch the thing that it creates, according to the header
   * {@code Accept}.
   */
  static boolean isWanted(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return request.getMethod().equals("POST")
        && request.getRequestURI().equals("/api/jobs")
        && accept != null
        && accept.contains("text/event-stream");
  }
}
