package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Finds out whether a controller serves a call. The files of the web page are not served by a
 * controller.
 */
@Component
@RequiredArgsConstructor
class MappedCalls {

  private final ObjectProvider<RequestMappingInfoHandlerMapping> mappings;

  /**
   * Whether the request would reach a controller. If not, Spring MVC answers with a file of the
   * page or with 404.
   */
  boolean reachesController(HttpServletRequest request) {
    return all().stream()
        .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
        .anyMatch(info -> info.getMatchingCondition(request) != null);
  }

  List<RequestMappingInfoHandlerMapping> all() {
    return mappings.stream().toList();
  }
}
