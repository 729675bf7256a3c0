package dev.waybill.channel;

import dev.waybill.problem.Problem;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * The name of an audience stream, which is a stream to which callers publish. The publisher chooses
 * the name.
 *
 * @param text 1 to 200 characters of {@code A-Za-z0-9._~:@-}, but neither {@code .} nor {@code ..};
 *     must not start with a prefix that Waybill reserves
 */
record StreamName(String text) {

  static final int LONGEST = 200;

  /**
   * The prefix that distinguishes the ID of an audience stream from the ID of a job's stream. The
   * ID of a job's stream is a transaction ID without a prefix.
   */
  private static final String ID_PREFIX = "stream:";

  private static final Pattern LEGAL =
      Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._~:@-]{1," + LONGEST + "}");

  private static final Pattern RESERVED = Pattern.compile("(job:|record:|waybill).*");

  /**
   * Checks a name in a call that changes the stream.
   *
   * @throws Problem 400 {@code parameter} if the name is not legal, 403 {@code forbidden} if the
   *     name is reserved
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
   * Checks a name in a call that only reads. In such a call a reserved name is legal, but no stream
   * has a reserved name.
   *
   * @throws Problem 400 {@code parameter} if the name is not legal
   */
  static StreamName legal(String text) {
    if (!LEGAL.matcher(text).matches()) {
      throw Problem.parameter(
          "A stream's name has 1 to %d characters of A-Z a-z 0-9 . _ ~ : @ - and is not . or .."
              .formatted(LONGEST));
    }
    return new StreamName(text);
  }

  /** Whether a name is reserved for Waybill or for streams of another kind. */
  static boolean isReserved(String text) {
    return RESERVED.matcher(text).matches();
  }

  /** The name that a stream's ID contains; empty if the ID belongs to another kind of stream. */
  static Optional<StreamName> ofStreamId(String streamId) {
    return covers(streamId)
        ? Optional.of(new StreamName(streamId.substring(ID_PREFIX.length())))
        : Optional.empty();
  }

  static boolean covers(String streamId) {
    return streamId.startsWith(ID_PREFIX);
  }

  /** The ID of the stream in this service. The ID is unique among all kinds of streams. */
  String streamId() {
    return ID_PREFIX + text;
  }
}
