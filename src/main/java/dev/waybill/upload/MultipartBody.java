package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpStatus;

/**
 * A multipart body (RFC 7578), read once from front to end, in constant memory. Libraries look at
 * every byte several times to find the boundary, which costs as much as all the rest of an upload.
 */
final class MultipartBody {

  private static final String PART = "file";
  private static final String DISPOSITION = "content-disposition:";
  private static final int LARGEST_HEADERS = 16 * 1024;

  private final DelimitedInput input;

  MultipartBody(InputStream body, String boundary) {
    // The first boundary stands at the start of a line as well, but has no line end before it.
    input =
        new DelimitedInput("\r\n".getBytes(US_ASCII), body, ("\r\n--" + boundary).getBytes(UTF_8));
  }

  /** Takes the bytes of the file. */
  interface FileTaker {
    void take(InputStream file) throws IOException;
  }

  /** The body is not multipart as it should be. The message is for a person. */
  static final class Malformed extends IOException {
    Malformed(String message) {
      super(message);
    }
  }

  /**
   * Hands the part {@code file} over, skips all others, and reads to the closing boundary.
   *
   * @return the file's name as sent
   * @throws Problem 400 {@code file-missing}, or {@code parameter} where there are two such parts
   */
  @Nullable String readFile(FileTaker taker) throws IOException {
    ContentDisposition file = null;
    try {
      skip(input.stretch());
      while (anotherPartFollows()) {
        ContentDisposition part = readHeaders();
        if (!PART.equals(part.getName())) {
          skip(input.stretch());
        } else if (file != null) {
          throw Problem.parameter(
              "There is more than one part named \"file\"; upload one file at a time.");
        } else {
          file = part;
          taker.take(input.stretch());
        }
      }
    } catch (Malformed e) {
      throw fileMissing(e.getMessage());
    }
    if (file == null) {
      throw fileMissing("The multipart body has no part named \"file\".");
    }
    return file.getFilename();
  }

  private static void skip(InputStream stretch) throws IOException {
    stretch.transferTo(OutputStream.nullOutputStream());
  }

  /** Reads what follows a boundary: two dashes at the end of all, else the end of the line. */
  private boolean anotherPartFollows() throws IOException {
    int next = input.next();
    if (next == '-' && input.next() == '-') {
      return false;
    }
    while (next == ' ' || next == '\t') {
      next = input.next();
    }
    if (next == '\r' && input.next() == '\n') {
      return true;
    }
    throw new Malformed("The multipart body has something behind a boundary.");
  }

  /** Reads a part's headers up to the empty line, and keeps the one that counts. */
  private ContentDisposition readHeaders() throws IOException {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    int lineStart = 0;
    while (true) {
      int next = input.next();
      if (next < 0 || headers.size() == LARGEST_HEADERS) {
        throw new Malformed("The headers of a part do not end, or are larger than 16 KiB.");
      }
      headers.write(next);
      if (next == '\n') {
        if (headers.size() - lineStart <= 2) {
          return disposition(headers.toString(UTF_8));
        }
        lineStart = headers.size();
      }
    }
  }

  private static ContentDisposition disposition(String headers) {
    // A line that begins with white space goes on with the one before.
    return headers
        .replaceAll("\r?\n[ \t]+", " ")
        .lines()
        .filter(line -> line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length()))
        .findFirst()
        .map(line -> parse(line.substring(DISPOSITION.length()).strip()))
        .orElse(ContentDisposition.empty());
  }

  private static ContentDisposition parse(String disposition) {
    try {
      return ContentDisposition.parse(disposition);
    } catch (IllegalArgumentException e) {
      // Like a part without a name, it is none that is looked for.
      return ContentDisposition.empty();
    }
  }

  private static Problem fileMissing(String detail) {
    return Problem.of(HttpStatus.BAD_REQUEST, "file-missing", "The request brings no file", detail);
  }
}
