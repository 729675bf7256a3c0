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
 * Serves the page's files with an ETag of their content. A browser asks each time, because the
 * page's modules fit together within one version only, and gets a 304 while nothing has changed. A
 * modification time proves nothing: after a rollback it would call the newer file current.
 *
 * <p>No {@code ShallowEtagHeaderFilter}: it buffers whole responses, and streams among them.
 */
@Component
// Before Spring Boot's own, which leaves the pattern alone once it is taken.
@Order(-1)
class PageResources implements WebMvcConfigurer {

  private static final String EVERYTHING = "/**";

  /** Bounded by the number of files in the program. */
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

  /** Weak, because Tomcat compresses nothing that has a strong one. */
  private String etag(Resource resource) {
    if (resource instanceof PackagedFiles.PackagedFile file) {
      return file.etag();
    }
    try {
      long modified = resource.lastModified();
      Version known = versions.get(resource.getURI());
      // During development files change while the program runs.
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
