package dev.waybill.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

class ProblemAdviceTest {

  private final MockMvc mvc =
      MockMvcBuilders.standaloneSetup(new Failing())
          .setControllerAdvice(new ProblemAdvice(new OutageLog()))
          .build();

  @Test
  void anUnexpectedFailureRevealsNothingInternal() throws Exception {
    MockHttpServletResponse answer = get("/unexpected");
    assertProblem(answer, 500, "internal");
    assertThat(answer.getContentAsString()).doesNotContain("secret", "partial");
  }

  @Test
  @Shows("problem.storage")
  void aDatabaseThatFailsIsStorage() throws Exception {
    MockHttpServletResponse answer = get("/database");
    assertProblem(answer, 503, "storage");
    assertThat(answer.getHeader("Retry-After")).isEqualTo("10");
    assertThat(answer.getContentAsString()).doesNotContain("secret");
  }

  @Test
  void aFeaturesOwnProblemKeepsItsNameAndHeaders() throws Exception {
    MockHttpServletResponse answer = get("/own");
    assertProblem(answer, 503, "queue-full");
    assertThat(answer.getHeader("Retry-After")).isEqualTo("7");
  }

  @Test
  void aParameterThatCannotBeConvertedIsNamed() throws Exception {
    MockHttpServletResponse answer = get("/typed?limit=many");
    assertProblem(answer, 400, "parameter");
    assertThat(answer.getContentAsString()).contains("limit").contains("many");
    assertProblem(get("/typed"), 400, "parameter");
  }

  @Test
  void nothingIsWrittenIntoAStreamThatHasStarted() throws Exception {
    MockHttpServletResponse answer =
        mvc.perform(
                MockMvcRequestBuilders.get("/started")
                    .with(
                        request -> {
                          request.setDispatcherType(DispatcherType.ASYNC);
                          return request;
                        }))
            .andReturn()
            .getResponse();
    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getContentAsString()).isEqualTo("retry: 3000\n\n");
  }

  @Test
  void aFailureWithinAnExportIsLeftToTheContainer() {
    assertThatThrownBy(() -> get("/half")).hasRootCauseMessage("secret");
  }

  @Test
  void aClientThatLeftGetsNothing() throws Exception {
    assertThat(get("/gone").getContentAsString()).isEmpty();
    assertThat(get("/unusable").getContentAsString()).isEmpty();
  }

  private MockHttpServletResponse get(String path) throws Exception {
    return mvc.perform(MockMvcRequestBuilders.get(path)).andReturn().getResponse();
  }

  private static void assertProblem(MockHttpServletResponse answer, int status, String name)
      throws Exception {
    assertThat(answer.getStatus()).isEqualTo(status);
    assertThat(answer.getContentType()).isEqualTo("application/problem+json");
    assertThat(answer.getContentAsString()).contains("\"urn:waybill:problem:" + name + "\"");
  }

  @RestController
  static class Failing {

    @GetMapping("/unexpected")
    void unexpected(HttpServletResponse response) throws IOException {
      response.getOutputStream().write("partial".getBytes(UTF_8));
      throw new IllegalStateException("secret");
    }

    @GetMapping("/database")
    void database() {
      throw new DataAccessResourceFailureException("secret");
    }

    @GetMapping("/own")
    void own() {
      throw Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "queue-full", "Full", "Later.")
          .retryAfterSeconds(7);
    }

    @GetMapping("/typed")
    Map<String, Integer> typed(@RequestParam int limit) {
      return Map.of("limit", limit);
    }

    @GetMapping("/started")
    void started(HttpServletResponse response) throws IOException {
      response.getWriter().write("retry: 3000\n\n");
      response.flushBuffer();
      throw new IllegalStateException("secret");
    }

    @GetMapping("/half")
    void half(HttpServletResponse response) throws IOException {
      response.setContentType("text/csv");
      response.getWriter().write("row,result\n");
      response.flushBuffer();
      throw new IllegalStateException("secret");
    }

    @GetMapping("/gone")
    void gone() throws IOException {
      throw new EOFException("gone");
    }

    @GetMapping("/unusable")
    void unusable() throws IOException {
      throw new AsyncRequestNotUsableException("gone");
    }
  }
}
