package dev.waybill.worker;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Reads the whole body of a request into memory, up to a limit. */
final class ReadWholeBody {

  private ReadWholeBody() {}

  /**
   * @throws dev.waybill.problem.Problem 413 if the body has more than {@code most} bytes
   */
  static byte[] read(HttpServletRequest request, int most) throws IOException {
    if (request.getContentLengthLong() > most) {
      throw WorkerProblems.tooLarge("The body", most);
    }
    byte[] body = request.getInputStream().readNBytes(most + 1);
    if (body.length > most) {
      throw WorkerProblems.tooLarge("The body", most);
    }
    return body;
  }
}
