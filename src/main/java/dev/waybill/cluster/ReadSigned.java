package dev.waybill.cluster;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Reads the body of a request from another pod, after the headers have proved that the request
 * comes from a pod of this cluster.
 */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class ReadSigned {

  private final VerifyRequest verifyRequest;
  private final ClusterMetrics metrics;

  /**
   * @param most the maximum number of bytes that are read
   * @throws Problem 403 {@code forbidden} if a pod of this cluster would not send such a request,
   *     413 {@code too-large}
   */
  byte[] read(HttpServletRequest request, int most) throws IOException {
    VerifyRequest.Claimed claimed =
        verifyRequest
            .claimed(
                request.getHeader(SignRequest.TIME),
                request.getHeader(SignRequest.NONCE),
                request.getHeader(SignRequest.TARGET),
                request.getHeader(SignRequest.HEAD_SIGNATURE),
                request.getHeader(SignRequest.SIGNATURE),
                request.getContentLengthLong())
            .orElseThrow(this::refusal);
    if (claimed.length() > most) {
      throw tooLarge("At most %d bytes are taken at once.".formatted(most));
    }
    byte[] body = request.getInputStream().readNBytes(most);
    if (!verifyRequest.proves(claimed, body)) {
      throw refusal();
    }
    return body;
  }

  static Problem tooLarge(String detail) {
    return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "too-large", "The body is too large", detail);
  }

  /**
   * Makes the same answer for every reason of a refusal, so that a stranger cannot learn the
   * reason.
   */
  private Problem refusal() {
    metrics.refused();
    return Problem.of(
        HttpStatus.FORBIDDEN,
        "forbidden",
        "The request is refused",
        "This address is for the pods of one cluster among themselves.");
  }
}
