package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import org.apache.commons.fileupload2.core.FileItemHeaders;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpStatus;

/** Reads a multipart body in one pass, from start to end. */
final class MultipartBody {

  private static final String PART = "file";
  private static final int BUFFER_SIZE = 16 * 1024;

  /**
   * The maximum number of parts of a body. Without this limit, a million empty parts, which are
   * only 300 KB in gzip, would cost 4 s of CPU time.
   */
  static final int MOST_PARTS = 100;

  /**
   * The maximum total size, in bytes, of all parts except the file. These parts are read and
   * discarded.
   */
  static final int OTHER_PARTS_SIZE = 1 << 20;

  /**
   * The maximum size of the header of a part, in bytes. The library's default limit of 512 bytes is
   * too small for long file names in percent-encoded UTF-8.
   */
  private static final int PART_HEADER_SIZE = 16 * 1024;

  private final JakartaServletFileUpload<?, ?> headerParser = new JakartaServletFileUpload<>();
  private final MultipartInput input;

  MultipartBody(InputStream body, String boundary) throws IOException {
    try {
      input =
          MultipartInput.builder()
              .setInputStream(body)
              .setBufferSize(BUFFER_SIZE)
              .setBoundary(boundary.getBytes(UTF_8))
              .setMaxPartHeaderSize(PART_HEADER_SIZE)
              .get();
      input.setHeaderCharset(UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("The multipart boundary is too long.", e);
    }
  }

  /**
   * The information that the body contains about the file.
   *
   * @param fileName the file name exactly as it was sent
   * @param charset the charset that the content type of the part declares
   */
  record Part(@Nullable String fileName, @Nullable Charset charset) {}

  /** Takes the bytes of the file. */
  interface FileTaker {
    void take(InputStream file) throws IOException;
  }

  /**
   * Passes the bytes of the part {@code file} on, skips all other parts, and reads up to the
   * closing boundary.
   *
   * @return the information that the body contains about the file
   * @throws Problem 400 {@code file-missing} if there is no part named {@code file}; 400 {@code
   *     parameter} if there are two parts with this name
   */
  Part readFile(FileTaker taker) throws IOException {
    int parts = 0;
    long others = 0;
    Part file = null;
    try {
      for (boolean part = input.skipPreamble(); part; part = input.readBoundary()) {
        if (++parts > MOST_PARTS) {
          throw malformed("The multipart body has more than %d parts.".formatted(MOST_PARTS), null);
        }
        FileItemHeaders headers = headerParser.getParsedHeaders(input.readHeaders());
        if (!PART.equals(headerParser.getFieldName(headers))) {
          others += skipped(input.newInputStream(), OTHER_PARTS_SIZE - others);
        } else if (file != null) {
          throw Problem.parameter(
              "There is more than one part named \"file\"; upload one file at a time.");
        } else {
          file =
              new Part(
                  fileName(headers),
                  UploadForm.charset(UploadForm.parse(headers.getHeader("Content-Type"))));
          taker.take(input.newInputStream());
        }
      }
    } catch (MultipartInput.MalformedStreamException e) {
      throw malformed("The multipart body ends before its closing boundary.", e);
    } catch (FileUploadSizeException e) {
      throw malformed("The headers of a part are larger than 16 KiB.", e);
    }
    if (file == null) {
      throw malformed("The multipart body has no part named \"file\".", null);
    }
    return file;
  }

  private static long skipped(InputStream part, long atMost) throws IOException {
    byte[] buffer = new byte[1024];
    long skipped = 0;
    int length;
    while ((length = part.read(buffer)) > 0) {
      skipped += length;
      if (skipped > atMost) {
        throw Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "too-large",
            "The file is too large",
            "The parts other than \"file\" are larger than 1 MiB.");
      }
    }
    return skipped;
  }

  private static @Nullable String fileName(FileItemHeaders headers) {
    String disposition = headers.getHeader("Content-Disposition");
    try {
      return ContentDisposition.parse(disposition).getFilename();
    } catch (IllegalArgumentException e) {
      // Ignores the failure, because a file with an invalid name is not refused.
      return null;
    }
  }

  private static Problem malformed(String detail, @Nullable Throwable cause) {
    return Problem.of(
        HttpStatus.BAD_REQUEST, "file-missing", "The request contains no file", detail, cause);
  }
}
