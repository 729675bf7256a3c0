package dev.waybill.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/**
 * Serves the page's files from memory, if the program runs from a jar. A read of these files from
 * the jar could block the service for ever, because the lock of a jar is also the lock of its class
 * loader. A virtual thread that reads a file can leave its carrier thread while it holds this lock.
 * A virtual thread that loads a class keeps its carrier thread while it waits for the lock. If
 * there are two carrier threads, two waiting threads occupy both of them. Then the thread that
 * holds the lock gets no carrier thread and cannot continue.
 *
 * <p>During development, the files are in a folder. The files are read from the folder for each
 * request, because they change.
 */
final class PackagedFiles extends PathResourceResolver {

  private static final String FOLDER = "static/";

  private final Map<String, PackagedFile> files = new HashMap<>();
  private boolean packaged;

  PackagedFiles(ClassLoader program) {
    try {
      Resource[] found =
          new PathMatchingResourcePatternResolver(program)
              .getResources("classpath*:" + FOLDER + "**/*.*");
      for (Resource each : found) {
        if (!each.isFile()) {
          packaged = true;
          String address = each.getURL().toString();
          String path = address.substring(address.lastIndexOf('/' + FOLDER) + FOLDER.length() + 1);
          files.put(path, new PackagedFile(each, path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the page's files", e);
    }
  }

  @Override
  protected @Nullable Resource resolveResourceInternal(
      @Nullable HttpServletRequest request,
      String requestPath,
      List<? extends Resource> locations,
      ResourceResolverChain chain) {
    return packaged
        ? files.get(requestPath)
        : super.resolveResourceInternal(request, requestPath, locations, chain);
  }

  /** A file with the ETag of its content. */
  static final class PackagedFile extends ByteArrayResource {

    private final String path;
    private final String etag;

    private PackagedFile(Resource source, String path) throws IOException {
      super(source.getContentAsByteArray(), path);
      this.path = path;
      this.etag = PageResources.etagOf(this);
    }

    String etag() {
      return etag;
    }

    /** The name of the file. Spring derives the media type from this name. */
    @Override
    public String getFilename() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return path.hashCode();
    }
  }
}
