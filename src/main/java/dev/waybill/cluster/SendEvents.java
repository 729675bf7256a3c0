package dev.waybill.cluster;

import dev.waybill.platform.OutageLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends a batch of events to another pod. Blocks; each other pod has its own sending thread. */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class SendEvents {

  private final PostToPod postToPod;
  private final PodAddresses addresses;
  private final Directory directory;
  private final LastOwners lastOwners;
  private final JsonMapper json;
  private final ClusterMetrics metrics;
  private final OutageLog outages;

  /**
   * Sends a batch. Events that do not arrive are dropped and counted.
   *
   * @return false if the pod is dead
   */
  boolean send(String podId, List<OutgoingEvent> batch) {
    switch (addresses.find(podId)) {
      case PodAddresses.Lookup.At(URI url) -> sendTo(podId, url, batch);
      case PodAddresses.Lookup.Unknown() -> metrics.forwardFailed(batch.size());
      case PodAddresses.Lookup.Dead() -> {
        metrics.forwardFailed(batch.size());
        directory.buryIfDead(
            podId, batch.stream().map(OutgoingEvent::streamId).collect(Collectors.toSet()));
        return false;
      }
    }
    return true;
  }

  private void sendTo(String podId, URI url, List<OutgoingEvent> batch) {
    byte[] body = join(batch);
    try {
      URI path = url.resolve(ForwardController.PATH);
      byte[] answer = postToPod.post(podId, path, MediaType.APPLICATION_NDJSON_VALUE, body);
      metrics.forwarded(batch.size());
      json.readValue(answer, ForwardController.Receipt.class)
          .notHeld()
          .forEach(streamId -> lastOwners.drop(streamId, podId));
    } catch (IOException | JacksonException e) {
      metrics.forwardFailed(batch.size());
      outages.report(
          "forward", "Cannot forward events (pod %s, %s): %s".formatted(podId, url, e), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] join(List<OutgoingEvent> batch) {
    ByteArrayOutputStream body =
        new ByteArrayOutputStream(batch.stream().mapToInt(OutgoingEvent::size).sum());
    for (OutgoingEvent event : batch) {
      body.writeBytes(event.line());
      body.write('\n');
    }
    return body.toByteArray();
  }
}
