package dev.waybill.worker;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventType;
import dev.waybill.problem.Problem;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one report of a worker, and checks each field. */
@Component
@RequiredArgsConstructor
class ReadReports {

  static final int MAX_REPORT_BYTES = 64 * 1024;
  static final int LONGEST_MESSAGE = 200;
  static final int LONGEST_CODE = 64;
  static final int LONGEST_DETAIL = 2000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final String OUR_PREFIX = "waybill.";

  /** The event names that a worker must not use, because Waybill or EventSource uses them. */
  private static final Set<String> OURS =
      Set.of("snapshot", "rows", "rejected", "change", "message", "open");

  private static final Map<String, Delivery> DELIVERIES =
      Map.of("ordered", Delivery.EACH, "latest", Delivery.LATEST, "sample", Delivery.SAMPLE);

  private final JsonMapper json;

  /**
   * @param numbered whether the report must have the field {@code sequence}
   */
  Report read(String text, boolean numbered) {
    JsonNode node;
    try {
      node = json.readTree(text);
    } catch (JacksonException e) {
      throw Problem.parameter("The report is not JSON.");
    }
    if (node == null || !node.isObject()) {
      throw Problem.parameter("A report is a JSON object such as {\"event\":\"alive\"}.");
    }
    String event = Fields.string(node, "event", Integer.MAX_VALUE);
    if (event == null) {
      throw Problem.parameter("event is missing.");
    }
    Long sequence = Fields.wholeNumber(node, "sequence", Long.MAX_VALUE);
    if (numbered && sequence == null || sequence != null && sequence == 0) {
      throw Problem.parameter("sequence numbers the reports of an attempt: 1, 2, 3 and so on.");
    }
    return switch (event) {
      case "progress" -> progress(node, sequence);
      case "chunk" -> new Report.Chunk(sequence, required(node, "text", Integer.MAX_VALUE));
      case "alive" -> new Report.Alive(sequence);
      case "complete" -> new Report.Complete(sequence, optionalJson(node, "result"));
      case "error" ->
          new Report.Failed(
              sequence,
              required(node, "code", LONGEST_CODE),
              required(node, "detail", LONGEST_DETAIL));
      case "cancelled" -> new Report.Cancelled(sequence);
      default -> own(node, sequence, event);
    };
  }

  private static Report progress(JsonNode node, @Nullable Long sequence) {
    Long done = Fields.wholeNumber(node, "done", ReadNewJob.MAX_TOTAL);
    if (done == null) {
      throw Problem.parameter("done is missing.");
    }
    return new Report.Progress(
        sequence,
        done,
        Fields.wholeNumber(node, "total", ReadNewJob.MAX_TOTAL),
        Fields.string(node, "message", LONGEST_MESSAGE));
  }

  private static Report own(JsonNode node, @Nullable Long sequence, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Problem.parameter("event has 1 to 64 characters of A-Z a-z 0-9 . _ : -.");
    }
    if (name.startsWith(OUR_PREFIX) || OURS.contains(name)) {
      throw WorkerProblems.eventName("Events of this name belong to Waybill. Choose another name.");
    }
    String data = optionalJson(node, "data");
    if (data == null) {
      throw Problem.parameter("data is missing.");
    }
    String rule = Fields.string(node, "delivery", Integer.MAX_VALUE);
    Delivery delivery = rule == null ? Delivery.EACH : DELIVERIES.get(rule);
    if (delivery == null) {
      throw Problem.parameter("delivery is ordered, latest or sample.");
    }
    return new Report.Own(sequence, EventType.of(name, delivery), data);
  }

  private static String required(JsonNode node, String field, int longest) {
    String text = Fields.string(node, field, longest);
    if (text == null) {
      throw Problem.parameter(field + " is missing.");
    }
    return text;
  }

  private static @Nullable String optionalJson(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null ? null : value.toString();
  }
}
