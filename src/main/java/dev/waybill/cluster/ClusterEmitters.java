package dev.waybill.cluster;

import dev.waybill.cluster.EmitterCall.Action;
import dev.waybill.cluster.EmitterCall.Reply;
import dev.waybill.event.StreamEvent;
import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import dev.waybill.stream.EmitterView;
import dev.waybill.stream.Emitters;
import dev.waybill.stream.LocalEmitters;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The emitters (the connections of watching clients) of all pods. A call about one emitter goes to
 * the pod that has this emitter according to Redis.
 */
@Primary
@Component
@Profile("cluster")
@RequiredArgsConstructor
class ClusterEmitters implements Emitters {

  private static final Pattern EMITTER_ID = Pattern.compile("[0-9a-f-]{36}");
  private static final int RETRY_SECONDS = 1;

  private final LocalEmitters local;
  private final Redis redis;
  private final PodAddresses addresses;
  private final PostToPod postToPod;
  private final JsonMapper json;
  private final OutageLog outages;

  /** Runs one thread for each other pod that this pod asks for a list. */
  private final ExecutorService lists = Executors.newVirtualThreadPerTaskExecutor();

  @Override
  public Optional<EmitterView> find(String emitterId) {
    Optional<EmitterView> here = local.find(emitterId);
    return here.isPresent()
        ? here
        : askOwner(call(Action.FIND, emitterId, null)).map(reply -> reply.view());
  }

  @Override
  public boolean send(String emitterId, StreamEvent event) {
    return local.send(emitterId, event)
        || askOwner(call(Action.SEND, emitterId, WireEvent.of(event))).isPresent();
  }

  @Override
  public boolean close(String emitterId) {
    return local.close(emitterId) || askOwner(call(Action.CLOSE, emitterId, null)).isPresent();
  }

  /**
   * Asks all pods at the same time. The result leaves out the emitters of a pod that does not
   * answer.
   */
  @Override
  public Part list(@Nullable String streamId, @Nullable String after, int limit) {
    Optional<Map<String, URI>> known = addresses.others();
    List<CompletableFuture<Optional<Part>>> asked =
        known.orElseGet(addresses::lastKnown).entrySet().stream()
            .map(
                pod ->
                    CompletableFuture.supplyAsync(
                        () -> list(pod.getKey(), pod.getValue(), streamId, after, limit), lists))
            .toList();
    Part here = local.list(streamId, after, limit);
    List<EmitterView> items = new ArrayList<>(here.items());
    boolean more = here.more();
    long total = here.total();
    boolean whole = known.isPresent();
    for (CompletableFuture<Optional<Part>> answer : asked) {
      Optional<Part> part = answer.join();
      whole &= part.isPresent();
      if (part.isPresent()) {
        items.addAll(part.get().items());
        more |= part.get().more();
        total += part.get().total();
      }
    }
    items.sort(Comparator.comparing(EmitterView::emitterId));
    return items.size() > limit
        ? new Part(List.copyOf(items.subList(0, limit)), true, total, whole)
        : new Part(items, more, total, whole);
  }

  private Optional<Part> list(
      String podId, URI url, @Nullable String streamId, @Nullable String after, int limit) {
    EmitterCall call =
        new EmitterCall(
            UUID.randomUUID().toString(), Action.LIST, null, null, streamId, after, limit);
    return ask(podId, url, call).map(reply -> reply.part());
  }

  private static EmitterCall call(Action action, String emitterId, @Nullable WireEvent event) {
    return new EmitterCall(UUID.randomUUID().toString(), action, emitterId, event, null, null, 0);
  }

  /** The answer of the pod that has the emitter; empty if the emitter does not exist any more. */
  private Optional<Reply> askOwner(EmitterCall call) {
    String emitterId = String.valueOf(call.emitterId());
    if (!EMITTER_ID.matcher(emitterId).matches()) {
      return Optional.empty();
    }
    Optional<String> podId =
        redis
            .ask(
                template ->
                    Optional.ofNullable(template.opsForValue().get(RedisKeys.emitter(emitterId))))
            .orElseThrow(ClusterEmitters::unreachable);
    if (podId.isEmpty()) {
      return Optional.empty();
    }
    return switch (addresses.find(podId.get())) {
      case PodAddresses.Lookup.At(URI url) ->
          Optional.of(ask(podId.get(), url, call).orElseThrow(ClusterEmitters::unreachable))
              .filter(Reply::done);
      case PodAddresses.Lookup.Dead() -> Optional.empty();
      case PodAddresses.Lookup.Unknown() -> throw unreachable();
    };
  }

  private Optional<Reply> ask(String podId, URI url, EmitterCall call) {
    try {
      byte[] answer =
          postToPod.post(
              podId,
              url.resolve(EmitterCallController.PATH),
              MediaType.APPLICATION_JSON_VALUE,
              json.writeValueAsBytes(call));
      return Optional.of(json.readValue(answer, Reply.class));
    } catch (IOException | JacksonException e) {
      outages.report(
          "emitters",
          "Cannot ask another pod for its emitters (pod %s, %s): %s".formatted(podId, url, e),
          null);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Problem unreachable() {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "pod-unreachable",
            "The connection's pod does not answer",
            "It is not known at the moment whether the connection is open. Try again in a moment.")
        .retryAfterSeconds(RETRY_SECONDS);
  }
}
