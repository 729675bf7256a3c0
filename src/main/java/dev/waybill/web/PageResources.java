package dev.waybill.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the page's files with an ETag of their content. A browser requests each file every time
 * and gets a 304 if the file has not changed. The browser must not use a cached file without this
 * request, because the modules of the page only work together with modules of the same version. A
 * comparison by modification time would not be enough: after a rollback to an older version, a
 * newer cached file would seem up to date.
 *
 * <p>{@code ShallowEtagHeaderFilter} is not used, because it buffers whole responses, even streams.
 */
@Component
// Runs before Spring Boot's own configuration. Spring Boot then does not register its own handler
// for the same path pattern, because the pattern is already registered.
@Order(-1)
class PageResources implements WebMvcConfigurer {

  private static final String EVERYTHING = "/**";

  /**
   * The known version of each file. The map stays small, because it has at most one entry for each
   * file of the program.
   */
  private final Map<URI, Version> versions = new ConcurrentHashMap<>();

  private record Version(long modified, String etag) {}

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler(EVERYTHING)
        .addResourceLocations("classpath:/static/")
        .setCacheControl(CacheControl.noCache())
        .setUseLastModified(false)
        .setEtagGenerator(this::etag)
        .resourceChain(false)
        .addResolver(new PackagedFiles(getClass().getClassLoader()));
  }

  /** Returns a weak ETag, because Tomcat does not compress a response that has a strong ETag. */
  private String etag(Resource resource) {
    if (resource instanceof PackagedFiles.PackagedFile file) {
      return file.etag();
    }
    try {
      long modified = resource.lastModified();
      Version known = versions.get(resource.getURI());
      // Reads the file again if it was modified, because during development files change while the
      // program runs.
      if (known == null || known.modified() != modified) {
        known = new Version(modified, etagOf(resource));
        versions.put(resource.getURI(), known);
      }
      return known.etag();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String etagOf(Resource resource) throws IOException {
    try (InputStream content = resource.getInputStream()) {
      return "W/\"" + DigestUtils.md5DigestAsHex(content) + '"';
    }
  }
}
