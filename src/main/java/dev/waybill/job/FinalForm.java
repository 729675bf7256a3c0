package dev.waybill.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.TreeSet;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the JSON of a job for other systems. The JSON contains the fields that a list of jobs
 * shows. If the JSON exceeds a limit in bytes, the largest fields are left out. The property {@code
 * omitted} lists the names of the fields that were left out.
 */
@Component
@RequiredArgsConstructor
class FinalForm {

  private static final String OMITTED = "omitted";

  /** The number of bytes that are reserved for the names of the omitted fields. */
  private static final int ROOM = 512;

  private final JsonMapper json;

  String of(JobView view, int mostBytes) {
    ObjectNode full = json.valueToTree(view.inFinalEvent());
    ObjectNode job = json.valueToTree(view.listed());
    TreeSet<String> omitted = new TreeSet<>();
    for (JsonNode name : full.path(OMITTED)) {
      omitted.add(name.asString());
    }
    full.propertyNames().stream().filter(name -> !job.has(name)).forEach(omitted::add);
    omitted.remove(OMITTED);
    while (size(job) > mostBytes - ROOM) {
      String largest = largest(job);
      job.remove(largest);
      omitted.add(largest);
    }
    job.remove(OMITTED);
    if (!omitted.isEmpty()) {
      ArrayNode names = job.putArray(OMITTED);
      omitted.forEach(names::add);
    }
    return json.writeValueAsString(job);
  }

  private int size(@Nullable JsonNode node) {
    return json.writeValueAsString(node).getBytes(UTF_8).length;
  }

  /**
   * The name of the largest field, other than the transaction ID and the status. The transaction ID
   * and the status are never left out.
   */
  private String largest(ObjectNode job) {
    return job.propertyNames().stream()
        .filter(name -> !name.equals("transactionId") && !name.equals("status"))
        .max((one, other) -> Integer.compare(size(job.get(one)), size(job.get(other))))
        .orElseThrow();
  }
}
