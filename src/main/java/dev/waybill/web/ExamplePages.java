package dev.waybill.web;

import org.springframework.context.annotation.Profile;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the pages of {@code examples/} from the working directory. The jar does not contain these
 * pages. Only {@code examples/run} activates this class.
 */
@Component
@Profile("examples")
class ExamplePages implements WebMvcConfigurer {

  /**
   * Adds an address for each folder. So a visitor who shortens an address to its folder gets the
   * page of the folder.
   */
  @Override
  public void addViewControllers(ViewControllerRegistry registry) {
    registry.addRedirectViewController("/examples", "/examples/index.html");
    registry.addRedirectViewController("/examples/", "/examples/index.html");
    registry.addRedirectViewController("/examples/{name}/", "/examples/{name}/index.html");
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler(
            "/examples/*.html", "/examples/*.css", "/examples/*/*.html", "/examples/*/*.js")
        .addResourceLocations("file:examples/")
        .setCacheControl(CacheControl.noCache());
  }
}
