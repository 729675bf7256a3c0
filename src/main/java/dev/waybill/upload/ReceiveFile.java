package dev.waybill.upload;

import dev.waybill.csv.TextSniffer;
import dev.waybill.file.DiskFullException;
import dev.waybill.file.Draft;
import dev.waybill.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.util.function.IntConsumer;
import java.util.zip.ZipException;
import org.springframework.http.HttpStatus;

/**
 * Reads the body of one upload in one pass, in constant memory. Inflates, stores, hashes and
 * inspects the file while it arrives. So the server need not read the whole file again after its
 * last byte.
 */
final class ReceiveFile {

  /**
   * The size of the copy buffer. The buffer is small, because each upload in progress has one such
   * buffer. Larger buffers were not faster.
   */
  private static final int BUFFER_SIZE = 16 * 1024;

  private static final int BYTES_BETWEEN_YIELDS = 256 * 1024;

  /**
   * The number of inflated bytes that are allowed in addition to the ratio. A small file of equal
   * rows is harmless, although deflate can compress such a file to a thousandth of its size.
   */
  static final long FREE_OF_RATIO = 16 << 20;

  private final Draft draft;
  private final Rules rules;
  private final long maxSize;
  private final IntConsumer beforeWrite;
  private final UploadParameters parameters;
  private final Sha256 sha256 = new Sha256();
  private final TextSniffer sniffer = new TextSniffer();

  /**
   * The limits for a body.
   *
   * @param maxSize the maximum size of the inflated file, in bytes
   * @param maxInflateRatio the maximum ratio of inflated bytes to bytes of the body; the first
   *     {@link #FREE_OF_RATIO} bytes do not count
   */
  record Rules(long maxSize, int maxInflateRatio, BodyStream.Pace pace) {

    static Rules of(UploadProperties properties) {
      return new Rules(
          properties.maxSize().toBytes(),
          properties.maxInflateRatio(),
          new BodyStream.Pace(properties.minRate().toBytes(), properties.maxTime()));
    }
  }

  /**
   * @param draft takes the bytes of the file; this class does not close the draft
   * @param beforeWrite gets the number of bytes before each write, and may refuse the write
   */
  ReceiveFile(Draft draft, Rules rules, IntConsumer beforeWrite, UploadParameters parameters) {
    this.draft = draft;
    this.rules = rules;
    this.maxSize = rules.maxSize();
    this.beforeWrite = beforeWrite;
    this.parameters = parameters;
  }

  /**
   * Reads the whole body.
   *
   * @param contentLength the length of the body in bytes, or -1 if it is not known
   * @throws Problem 400, 408, 413, 415, 429 or 503
   */
  ReceivedFile receive(UploadForm form, InputStream body, long contentLength) {
    // If a file is incompressible, gzip makes it larger, but by at most a 64th. The additional
    // megabyte is for the other parts of a multipart body.
    long maxBody = Math.addExact(maxSize, maxSize / 64 + (1 << 20));
    if (contentLength > maxBody) {
      throw tooLarge();
    }
    BodyStream paced = new BodyStream(body, rules.pace(), System::nanoTime);
    MultipartBody.Part part;
    try {
      PushbackInputStream bytes = peekable(new LimitedStream(paced, maxBody, this::tooLarge));
      part =
          switch (form) {
            case UploadForm.Raw raw -> takeRaw(raw, bytes, contentLength, paced);
            case UploadForm.Multipart multipart -> takePart(multipart, bytes, maxBody, paced);
          };
    } catch (ZipException e) {
      throw NotTextProblem.of("The file cannot be inflated: " + e.getMessage() + ".");
    } catch (IOException e) {
      // Does not log this failure as a failure of the server, because in most cases the client has
      // disconnected.
      throw brokenOff(e);
    }
    String sent = parameters.fileName() == null ? part.fileName() : parameters.fileName();
    Charset charset = parameters.charset() == null ? part.charset() : parameters.charset();
    return new ReceivedFile(draft, FileName.sanitised(sent), sha256.finish(), sniffer, charset);
  }

  private MultipartBody.Part takeRaw(
      UploadForm.Raw form, PushbackInputStream bytes, long contentLength, BodyStream body)
      throws IOException {
    boolean gzip = startsAsGzip(bytes);
    if (form.saidToBeGzip() && !gzip && !isEmpty(bytes)) {
      throw NotTextProblem.of("The request says Content-Encoding: gzip, but the body is not gzip.");
    }
    if (!gzip && contentLength > maxSize) {
      throw tooLarge();
    }
    take(bytes, body);
    return new MultipartBody.Part(null, form.charset());
  }

  private MultipartBody.Part takePart(
      UploadForm.Multipart form, PushbackInputStream bytes, long maxBody, BodyStream body)
      throws IOException {
    // Some clients declare Content-Encoding: gzip although only the part with the file is gzip. The
    // first bytes show the difference: a multipart body that is not gzip starts with dashes.
    if (form.saidToBeGzip() && startsAsGzip(bytes)) {
      try (Gunzip inflated = new Gunzip(bytes)) {
        return new MultipartBody(
                new LimitedStream(inflated, maxBody, this::tooLarge), form.boundary())
            .readFile(part -> take(peekable(part), body));
      }
    }
    return new MultipartBody(bytes, form.boundary()).readFile(part -> take(peekable(part), body));
  }

  private void take(PushbackInputStream file, BodyStream body) throws IOException {
    if (startsAsGzip(file)) {
      try (Gunzip inflated = new Gunzip(file)) {
        copy(inflated, body);
      }
    } else {
      copy(file, body);
    }
  }

  // Thread.yield() releases the carrier thread; see the comment at the end of the loop.
  @SuppressWarnings("ThreadPriorityCheck")
  private void copy(InputStream file, BodyStream body) throws IOException {
    byte[] buffer = new byte[BUFFER_SIZE];
    int sinceYield = 0;
    int length;
    while ((length = file.readNBytes(buffer, 0, buffer.length)) > 0) {
      if (draft.size() + length > maxSize) {
        throw tooLarge();
      }
      refuseBomb(draft.size() + length, body.bytes());
      beforeWrite.accept(length);
      store(buffer, length);
      sha256.update(buffer, 0, length);
      sniffer.update(buffer, 0, length);
      // If the gzip body has already arrived completely, this loop never waits and would occupy its
      // carrier thread for seconds. All requests share the carrier threads, and there are only as
      // many carrier threads as cores. A yield after each buffer took a quarter of the CPU time of
      // an upload.
      sinceYield += length;
      if (sinceYield >= BYTES_BETWEEN_YIELDS) {
        Thread.yield();
        sinceYield = 0;
      }
    }
  }

  /**
   * Throws a problem if the ratio of inflated bytes to sent bytes is too high. The ratio is
   * computed from all bytes of the body, so gzip inside gzip cannot bypass the limit.
   */
  private void refuseBomb(long inflated, long sent) {
    if (inflated > FREE_OF_RATIO + rules.maxInflateRatio() * sent) {
      throw Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "too-large",
          "The file is too large",
          "It inflates to more than %,d times the bytes that were sent. Send it without gzip."
              .formatted(rules.maxInflateRatio()));
    }
  }

  private void store(byte[] buffer, int length) {
    try {
      draft.write(buffer, 0, length);
    } catch (DiskFullException e) {
      throw StorageProblems.diskFull(e);
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
  }

  private static PushbackInputStream peekable(InputStream in) {
    return new PushbackInputStream(in, 2);
  }

  private static boolean startsAsGzip(PushbackInputStream in) throws IOException {
    byte[] first = in.readNBytes(2);
    in.unread(first);
    return first.length == 2 && first[0] == 0x1F && first[1] == (byte) 0x8B;
  }

  private static boolean isEmpty(PushbackInputStream in) throws IOException {
    byte[] first = in.readNBytes(1);
    in.unread(first);
    return first.length == 0;
  }

  private static Problem brokenOff(IOException cause) {
    return Problem.of(
        HttpStatus.BAD_REQUEST,
        "file-missing",
        "The request contains no file",
        "The body is incomplete.",
        cause);
  }

  private Problem tooLarge() {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "The file is too large",
        "A file may have at most %,d bytes, inflated.".formatted(maxSize));
  }
}
