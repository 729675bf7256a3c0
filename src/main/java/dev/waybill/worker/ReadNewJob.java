package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.problem.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the description of a new job from the body of a request, and checks each field. */
@Component
@RequiredArgsConstructor
class ReadNewJob {

  static final int MAX_PAYLOAD_BYTES = 256 * 1024;

  /**
   * The maximum size of the body, in bytes. The body has room for the largest payload, and for the
   * other fields even if all their characters are escaped.
   */
  static final int MAX_BODY_BYTES = MAX_PAYLOAD_BYTES + 32 * 1024;

  static final long MAX_TOTAL = 1L << 53;
  static final int LONGEST_TITLE = 200;
  static final int LONGEST_UNIT = 32;

  private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(1);
  private static final Duration LONGEST_SILENCE = Duration.ofHours(24);
  private static final Duration DEFAULT_SILENCE = Duration.ofSeconds(60);
  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final String OUR_PREFIX = "csv-";
  private static final Set<String> FIELDS =
      Set.of("kind", "title", "payload", "total", "unit", "silence", "onDisconnect", "callbackUrl");

  private final JsonMapper json;

  NewExternalJob read(byte[] body) {
    JsonNode node;
    try {
      node = json.readTree(body);
    } catch (JacksonException e) {
      throw Problem.parameter("The body is not JSON.");
    }
    if (node == null || !node.isObject()) {
      throw Problem.parameter(
          "The body is a JSON object such as {\"kind\":\"x\",\"title\":\"X\"}.");
    }
    for (String field : node.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw Problem.parameter(
            "There is no field of this name; there are "
                + String.join(", ", new TreeSet<>(FIELDS))
                + ".");
      }
    }
    return new NewExternalJob(
        kind(node),
        title(node),
        payload(node),
        Fields.wholeNumber(node, "total", MAX_TOTAL),
        Fields.string(node, "unit", LONGEST_UNIT),
        silence(node),
        cancelUnwatched(node),
        // Does not limit the length of the URL, because the package webhook checks the URL.
        Fields.string(node, "callbackUrl", Integer.MAX_VALUE));
  }

  private static String kind(JsonNode node) {
    String kind = Fields.string(node, "kind", Integer.MAX_VALUE);
    if (kind == null) {
      throw Problem.parameter("kind is missing.");
    }
    if (!KIND.matcher(kind).matches()) {
      throw WorkerProblems.kind(
          "A kind has 1 to 64 characters of a-z, 0-9 and -, and starts with a letter.");
    }
    if (kind.startsWith(OUR_PREFIX)) {
      throw WorkerProblems.kind("Kinds that start with csv- belong to Waybill.");
    }
    return kind;
  }

  /** Whether a client may create jobs of this kind. */
  static boolean isKind(String kind) {
    return KIND.matcher(kind).matches() && !kind.startsWith(OUR_PREFIX);
  }

  private static String title(JsonNode node) {
    String title = Fields.string(node, "title", LONGEST_TITLE);
    if (title == null || title.isBlank()) {
      throw Problem.parameter("title is missing.");
    }
    return title;
  }

  private static @Nullable String payload(JsonNode node) {
    JsonNode payload = node.get("payload");
    if (payload == null || payload.isNull()) {
      return null;
    }
    String text = payload.toString();
    if (text.getBytes(UTF_8).length > MAX_PAYLOAD_BYTES) {
      throw WorkerProblems.tooLarge("payload", MAX_PAYLOAD_BYTES);
    }
    return text;
  }

  private static Duration silence(JsonNode node) {
    JsonNode value = node.get("silence");
    if (value == null || value.isNull()) {
      return DEFAULT_SILENCE;
    }
    Duration silence = null;
    if (value.isIntegralNumber() && value.canConvertToInt()) {
      silence = Duration.ofSeconds(value.asInt());
    } else if (value.isString()) {
      try {
        silence = DurationStyle.detectAndParse(value.asString());
      } catch (IllegalArgumentException | ArithmeticException e) {
        silence = null;
      }
    }
    if (silence == null
        || silence.compareTo(SHORTEST_SILENCE) < 0
        || silence.compareTo(LONGEST_SILENCE) > 0) {
      throw Problem.parameter(
          "silence is from 1 s to 24 h: a whole number of seconds, or text such as \"90s\".");
    }
    return silence;
  }

  private static boolean cancelUnwatched(JsonNode node) {
    String value = Fields.string(node, "onDisconnect", Integer.MAX_VALUE);
    return switch (value) {
      case null -> false;
      case "continue" -> false;
      case "cancel" -> true;
      default -> throw Problem.parameter("onDisconnect is continue or cancel.");
    };
  }
}
