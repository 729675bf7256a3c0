package dev.waybill.web;

import dev.waybill.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses control characters in a path or a query, before they can reach the database. PostgreSQL
 * does not accept NUL in a text. Without this filter, a request with NUL failed as if the storage
 * were down, with 11 KB of stack traces in the log. A request for a stream with NUL even made the
 * client retry for ever.
 */
class ControlCharacterFilter extends OncePerRequestFilter {

  /**
   * Percent-encoded control characters: C0, DEL, and C1 in UTF-8. Tomcat itself refuses control
   * characters that are not encoded.
   */
  private static final Pattern CONTROL =
      Pattern.compile("%(?:[01][0-9a-f]|7f|c2%[89][0-9a-f])", Pattern.CASE_INSENSITIVE);

  private final AnswerProblem answerProblem;

  ControlCharacterFilter(AnswerProblem answerProblem) {
    this.answerProblem = answerProblem;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (hasControl(request.getRequestURI()) || hasControl(request.getQueryString())) {
      answerProblem.write(
          response,
          Problem.body(
              HttpStatus.BAD_REQUEST,
              "parameter",
              "A parameter is not valid",
              "The path or the query contains a control character."));
    } else {
      chain.doFilter(request, response);
    }
  }

  private static boolean hasControl(@Nullable String text) {
    return text != null && text.indexOf('%') >= 0 && CONTROL.matcher(text).find();
  }
}
