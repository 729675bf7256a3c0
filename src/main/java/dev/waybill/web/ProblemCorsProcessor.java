package dev.waybill.web;

import dev.waybill.problem.Problem;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.DefaultCorsProcessor;

/**
 * Answers with a problem if a page of an allowed origin uses an HTTP method that is not allowed for
 * this origin.
 */
class ProblemCorsProcessor extends DefaultCorsProcessor {

  private final AnswerProblem answerProblem;

  ProblemCorsProcessor(AnswerProblem answerProblem) {
    this.answerProblem = answerProblem;
  }

  @Override
  protected void rejectRequest(ServerHttpResponse response) throws IOException {
    answerProblem.write(
        response,
        Problem.body(
            HttpStatus.FORBIDDEN,
            "origin",
            "The origin is not allowed",
            "The page's origin may call this server, but not with this method."));
  }
}
