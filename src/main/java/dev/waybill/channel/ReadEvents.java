package dev.waybill.channel;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventType;
import dev.waybill.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads published events from the body of a request and checks each of them. If one event is wrong,
 * no event of the body is published, and the problem names the line and the field.
 */
@Component
class ReadEvents {

  static final int MAX_BATCH_EVENTS = 1000;
  static final int MAX_BATCH_BYTES = 1 << 20;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern MESSAGE_ID = Pattern.compile("[!-~]{1,128}");
  private static final String OUR_PREFIX = "waybill.";
  private static final int LONGEST_KEY = 128;
  private static final int MIN_RETRY = 100;
  private static final int MAX_RETRY = 3_600_000;
  private static final Set<String> FIELDS =
      Set.of("event", "data", "text", "messageId", "delivery", "key", "retry");
  private static final Map<String, Delivery> DELIVERIES =
      Map.of("ordered", Delivery.EACH, "latest", Delivery.LATEST, "sample", Delivery.SAMPLE);

  /**
   * Keeps numbers as the publisher wrote them. For example, a price of 12.90 must not become 12.9.
   */
  private final ObjectReader json;

  ReadEvents(JsonMapper json) {
    this.json =
        json.reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
  }

  /** Reads one event from a JSON object. */
  NewEvent one(byte[] body, DataSize largest) {
    return event(new String(body, StandardCharsets.UTF_8), 0, largest);
  }

  /** Reads several events, one JSON object per line; blank lines are ignored. */
  List<NewEvent> batch(byte[] body, DataSize largest) {
    List<NewEvent> events = new ArrayList<>();
    Set<String> messageIds = new HashSet<>();
    int number = 0;
    for (String line : new String(body, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (events.size() == MAX_BATCH_EVENTS) {
        throw Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "too-large",
            "The body is too large",
            "At most %d events are taken at once.".formatted(MAX_BATCH_EVENTS));
      }
      NewEvent event = event(line, number, largest);
      if (event.messageId() != null && !messageIds.add(event.messageId())) {
        throw refusal(number, "messageId occurs twice in this body.");
      }
      events.add(event);
    }
    if (events.isEmpty()) {
      throw Problem.parameter("The body has no event. Send one JSON object a line.");
    }
    return events;
  }

  /**
   * Creates an event from a source whose name and data are separate.
   *
   * @param name null for an event without a name
   * @param data JSON or, with {@code isText}, plain text
   */
  NewEvent of(@Nullable String name, String data, boolean isText, DataSize largest) {
    String line = isText ? plainText(data, 0) : parse(data, "data", 0).toString();
    requireSize(line, largest, 0);
    return new NewEvent(
        new EventType(name == null ? null : legalName(name, 0), Delivery.EACH, null),
        line,
        isText,
        null,
        null);
  }

  private JsonNode parse(String text, String what, int line) {
    JsonNode node;
    try {
      node = json.readTree(text);
    } catch (JacksonException e) {
      node = null;
    }
    if (node == null || node.isMissingNode()) {
      throw refusal(line, what + " is not JSON.");
    }
    return node;
  }

  private NewEvent event(String text, int line, DataSize largest) {
    JsonNode node = parse(text, "The event", line);
    if (!node.isObject()) {
      throw refusal(line, "An event is a JSON object such as {\"event\":\"order\",\"data\":{}}.");
    }
    for (String field : node.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw refusal(line, "There is no field of this name; there are " + sortedFields() + ".");
      }
    }
    boolean isText = flag(node, line);
    String data = data(node, isText, line);
    requireSize(data, largest, line);
    return new NewEvent(type(node, line), data, isText, retry(node, line), messageId(node, line));
  }

  private static void requireSize(String data, DataSize largest, int line) {
    if (data.getBytes(StandardCharsets.UTF_8).length > largest.toBytes()) {
      throw Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "event-too-large",
          "The event is too large",
          at(line) + "data has more than %d bytes.".formatted(largest.toBytes()));
    }
  }

  private static String legalName(String name, int line) {
    if (!NAME.matcher(name).matches()) {
      throw refusal(line, "event has 1 to 64 characters of A-Z a-z 0-9 . _ : -.");
    }
    if (name.startsWith(OUR_PREFIX)) {
      throw Problem.of(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "event-name",
          "The event's name is reserved",
          at(line) + "Names that start with waybill. belong to Waybill. Choose another name.");
    }
    return name;
  }

  private EventType type(JsonNode node, int line) {
    String given = string(node, "event", line);
    String name = given == null ? null : legalName(given, line);
    String rule = string(node, "delivery", line);
    Delivery delivery = rule == null ? Delivery.EACH : DELIVERIES.get(rule);
    if (delivery == null) {
      throw refusal(line, "delivery is ordered, latest or sample.");
    }
    String key = string(node, "key", line);
    if (key != null && (delivery != Delivery.LATEST || key.length() > LONGEST_KEY)) {
      throw refusal(
          line,
          "key goes with delivery latest and has at most %d characters.".formatted(LONGEST_KEY));
    }
    return new EventType(name, delivery, key);
  }

  private String data(JsonNode node, boolean isText, int line) {
    JsonNode data = node.get("data");
    if (data == null) {
      throw refusal(line, "data is missing.");
    }
    if (!isText) {
      return data.toString();
    }
    if (!data.isString()) {
      throw refusal(line, "With \"text\": true data is a string.");
    }
    return plainText(data.asString(), line);
  }

  private static String plainText(String text, int line) {
    if (text.indexOf('\0') >= 0) {
      throw refusal(line, "data contains NUL (U+0000), which no client can take.");
    }
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static boolean flag(JsonNode node, int line) {
    JsonNode text = node.get("text");
    if (text != null && !text.isBoolean()) {
      throw refusal(line, "text is true or false.");
    }
    return text != null && text.asBoolean();
  }

  private static @Nullable Integer retry(JsonNode node, int line) {
    JsonNode retry = node.get("retry");
    if (retry == null || retry.isNull()) {
      return null;
    }
    if (!retry.isIntegralNumber()
        || !retry.canConvertToInt()
        || retry.asInt() < MIN_RETRY
        || retry.asInt() > MAX_RETRY) {
      throw refusal(
          line,
          "retry is a whole number of milliseconds from %d to %d.".formatted(MIN_RETRY, MAX_RETRY));
    }
    return retry.asInt();
  }

  private static @Nullable String messageId(JsonNode node, int line) {
    String id = string(node, "messageId", line);
    if (id != null && !MESSAGE_ID.matcher(id).matches()) {
      throw refusal(line, "messageId has 1 to 128 visible ASCII characters.");
    }
    return id;
  }

  private static @Nullable String string(JsonNode node, String field, int line) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw refusal(line, field + " is a string.");
    }
    return value.asString();
  }

  private static String sortedFields() {
    return String.join(", ", FIELDS.stream().sorted().toList());
  }

  private static Problem refusal(int line, String detail) {
    return Problem.parameter(at(line) + detail);
  }

  private static String at(int line) {
    return line == 0 ? "" : "Line %d: ".formatted(line);
  }
}
