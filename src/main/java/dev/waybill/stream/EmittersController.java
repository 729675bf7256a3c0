package dev.waybill.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.access.Access;
import dev.waybill.answer.Page;
import dev.waybill.event.StreamKinds;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API for the connections of watching clients on all pods. */
@RestController
@RequestMapping("/api/emitters")
@RequiredArgsConstructor
class EmittersController {

  private static final Pattern ID = Pattern.compile("[0-9a-f-]{1,64}");

  private final Emitters emitters;
  private final StreamKinds kinds;

  /**
   * A page of emitters.
   *
   * @param next the cursor of the next page, or null if this is the last page
   * @param total the number of emitters on the pods that have answered
   * @param incomplete true if a pod has not answered; otherwise omitted
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record EmitterPage(
      List<EmitterView> items,
      @Nullable String next,
      long total,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean incomplete) {}

  @GetMapping
  EmitterPage list(
      @RequestParam(required = false) @Nullable String stream,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String after,
      HttpServletRequest request) {
    Access access = Access.of(request);
    int size = Page.limit(limit);
    if (after != null && !ID.matcher(after).matches()) {
      throw Problem.parameter("after is the next of an earlier page.");
    }
    if (stream == null) {
      return page(emitters.list(null, after, size), access, _ -> true);
    }
    Optional<String> streamId = kinds.streamId(stream);
    if (streamId.isEmpty()) {
      return new EmitterPage(List.of(), null, 0, null);
    }
    // A connection may also watch jobs of other people. The list must not show the IDs of these
    // jobs to a caller that knows only one stream of the connection.
    String asked = kinds.name(streamId.get());
    return page(
        emitters.list(streamId.get(), after, size),
        access,
        access.jobIdsAreSecret() ? asked::equals : _ -> true);
  }

  @GetMapping("/{id}")
  EmitterView one(@PathVariable String id, HttpServletRequest request) {
    Access access = Access.of(request);
    EmitterView emitter = find(id, access).orElseThrow(EmittersController::unknown);
    // Leaves out the streams of jobs, because their names contain the job IDs. A caller can get
    // this emitter's ID from the list of another stream without knowing these jobs.
    return access.jobIdsAreSecret()
        ? emitter.onlyStreams(stream -> !Access.namesJob(stream))
        : emitter;
  }

  /** Finds a connection. Also returns empty if this caller may not address the connection. */
  private Optional<EmitterView> find(String id, Access access) {
    return emitters.find(id).filter(emitter -> access.mayAddress(emitter.streams()));
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> close(@PathVariable String id, HttpServletRequest request) {
    Access access = Access.of(request);
    boolean allowed = access.seesAll() || find(id, access).isPresent();
    if (!allowed || !emitters.close(id)) {
      throw unknown();
    }
    return ResponseEntity.accepted().build();
  }

  /**
   * Leaves out connections that watch a stream to which this caller may not publish.
   *
   * @param visible the names of streams that the page may contain
   */
  private static EmitterPage page(Emitters.Part part, Access access, Predicate<String> visible) {
    return new EmitterPage(
        part.items().stream()
            .filter(emitter -> access.mayAddress(emitter.streams()))
            .map(emitter -> emitter.onlyStreams(visible))
            .toList(),
        part.more() ? part.items().getLast().emitterId() : null,
        part.total(),
        part.whole() ? null : true);
  }

  private static Problem unknown() {
    return Problem.of(
        HttpStatus.NOT_FOUND,
        "emitter-unknown",
        "No such emitter",
        "No open connection has this ID. A client that reconnects gets a new ID.");
  }
}
