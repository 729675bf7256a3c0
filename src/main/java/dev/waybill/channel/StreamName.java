package dev.waybill.channel;

import dev.waybill.problem.Problem;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * The name of an audience stream, as its publisher chose it.
 *
 * @param text 1 to 200 characters of {@code A-Za-z0-9._~:@-}, neither {@code .} nor {@code ..}, and
 *     with none of the beginnings that Waybill keeps for itself
 */
record StreamName(String text) {

  static final int LONGEST = 200;

  /** Keeps an audience stream apart from a job's stream, whose ID is a bare transaction ID. */
  private static final String ID_PREFIX = "stream:";

  private static final Pattern LEGAL =
      Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._~:@-]{1," + LONGEST + "}");

  private static final Pattern RESERVED = Pattern.compile("(job:|record:|waybill).*");

  /**
   * Reads a name from a call that changes its stream.
   *
   * @throws Problem 400 {@code parameter} where it is not legal, 403 {@code forbidden} where it is
   *     reserved
   */
  static StreamName ofWriter(String text) {
    StreamName name = legal(text);
    if (isReserved(text)) {
      throw Problem.of(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "The stream is not yours",
          "Names that start with job:, record: or waybill belong to Waybill. Choose another name.");
    }
    return name;
  }

  /**
   * Reads a name from a call that only reads. A reserved name is legal, but no stream bears it.
   *
   * @throws Problem 400 {@code parameter} where it is not legal
   */
  static StreamName legal(String text) {
    if (!LEGAL.matcher(text).matches()) {
      throw Problem.parameter(
          "A stream's name has 1 to %d characters of A-Z a-z 0-9 . _ ~ : @ - and is not . or .."
              .formatted(LONGEST));
    }
    return new StreamName(text);
  }

  /** Whether a name belongs to Waybill or to streams of another kind. */
  static boolean isReserved(String text) {
    return RESERVED.matcher(text).matches();
  }

  /** The name that a stream's ID stands for; empty where it is the ID of another kind. */
  static Optional<StreamName> ofStreamId(String streamId) {
    return covers(streamId)
        ? Optional.of(new StreamName(streamId.substring(ID_PREFIX.length())))
        : Optional.empty();
  }

  static boolean covers(String streamId) {
    return streamId.startsWith(ID_PREFIX);
  }

  /** The ID under which this service knows the stream, unique among all kinds. */
  String streamId() {
    return ID_PREFIX + text;
  }
}
