package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The formats in which a client can get a list, such as the rows of a job. */
enum ListFormat {
  /** One page of rows, as JSON. */
  JSON(MediaType.APPLICATION_JSON),
  /** All rows, one JSON object in each line. */
  NDJSON(MediaType.APPLICATION_NDJSON),
  /** All rows as a table. */
  CSV(MediaType.parseMediaType("text/csv"));

  private final MediaType mediaType;

  ListFormat(MediaType mediaType) {
    this.mediaType = mediaType;
  }

  /** The value of the answer's {@code Content-Type}. */
  String contentType() {
    return switch (this) {
      case JSON, NDJSON -> mediaType.toString();
      case CSV -> mediaType + ";charset=UTF-8";
    };
  }

  /**
   * The offered format that the {@code Accept} header prefers. JSON if the header has no
   * preference. Spring cannot make this choice, because Spring reports an ambiguity between
   * handlers if a client accepts every format.
   *
   * @throws Problem 406 if the header does not accept any of the formats
   */
  static ListFormat acceptable(@Nullable String accept, Set<ListFormat> offered) {
    if (accept == null || accept.isBlank()) {
      return JSON;
    }
    List<MediaType> wanted;
    try {
      wanted = MediaType.parseMediaTypes(accept);
    } catch (InvalidMediaTypeException e) {
      throw Problem.parameter("The Accept header cannot be understood.");
    }
    return wanted.stream()
        .filter(type -> type.getQualityValue() > 0)
        .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
        .flatMap(type -> offered.stream().filter(format -> type.includes(format.mediaType)))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                    HttpStatus.NOT_ACCEPTABLE,
                    "not-acceptable",
                    "The requested format is not available",
                    "The list is available as %s. Name one of them in the Accept header."
                        .formatted(
                            String.join(
                                ", ",
                                offered.stream()
                                    .map(format -> format.mediaType.toString())
                                    .toList()))));
  }

  /**
   * Sets the headers of an answer with a whole list of a job. Returns false if the client wants no
   * body (HEAD).
   */
  static boolean startStream(
      HttpServletRequest request,
      HttpServletResponse response,
      ListFormat format,
      Job job,
      String what) {
    response.setContentType(format.contentType());
    if (format == CSV) {
      response.setHeader(
          HttpHeaders.CONTENT_DISPOSITION,
          "attachment; filename=\"%s-%s.csv\"".formatted(what, job.id()));
    }
    return !HttpMethod.HEAD.matches(request.getMethod());
  }
}
