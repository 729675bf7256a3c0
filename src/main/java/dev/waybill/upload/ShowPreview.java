package dev.waybill.upload;

import dev.waybill.access.Access;
import dev.waybill.answer.AnswerJson;
import dev.waybill.csvimport.KeptFile;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Answers a request with a preview. */
@Component
@RequiredArgsConstructor
class ShowPreview {

  private final Previews previews;
  private final ReadPreview readPreview;
  private final AnswerJson answer;

  /**
   * Answers 201 with a new preview. The client learns the preview's ID only from this answer. So if
   * the answer fails, this method deletes the preview.
   */
  void created(String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      show(id, request, response);
    } catch (Problem busy) {
      previews.discard(id);
      throw busy;
    }
  }

  /**
   * Answers a request that creates a preview. Also answers a repetition of the same request, for
   * which the preview already exists.
   */
  void show(String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    KeptFile kept = previews.use(id, Access.of(request));
    answer.value(
        request,
        response,
        () -> {
          PreviewView view = readPreview.read(kept);
          response.setStatus(HttpStatus.CREATED.value());
          response.setHeader(HttpHeaders.LOCATION, view.links().self());
          return view;
        });
  }

  /** Answers 200 with an existing preview. */
  void show(KeptFile kept, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer.value(request, response, () -> readPreview.read(kept));
  }
}
