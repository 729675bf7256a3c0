package dev.waybill.csvimport;

import dev.waybill.answer.AnswerJson;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import lombok.RequiredArgsConstructor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Answers {@code GET /api/jobs/{id}/rejections/causes}. */
@RestController
@RequiredArgsConstructor
class CausesController {

  private final Jobs jobs;
  private final ImportJobs imports;
  private final CauseStore causes;
  private final AnswerJson answer;

  @GetMapping("/api/jobs/{id}/rejections/causes")
  void causes(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Job job = jobs.get(id);
    imports.of(job);
    answer.value(request, response, () -> causes.of(id).shown());
  }
}
