package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** The calls that controllers serve, without files of the page. */
@Component
@RequiredArgsConstructor
class MappedCalls {

  private final ObjectProvider<RequestMappingInfoHandlerMapping> mappings;

  /**
   * Whether a controller would get the request. If not, Spring MVC answers with a file of the page
   * or says that there is nothing.
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
