package dev.waybill.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.web.servlet.resource.ResourceResolverChain;

class PackagedFilesTest {

  @TempDir private Path folder;

  @Test
  void aFileOfAJarIsReadFromItOnce() throws Exception {
    Path jar = folder.resolve("program.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      put(out, "static/", "");
      put(out, "static/js/", "");
      put(out, "static/js/main.js", "let a;");
      put(out, "secret.txt", "no");
    }
    try (URLClassLoader program = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      PackagedFiles files = new PackagedFiles(program);
      program.close();

      Resource script = resolve(files, "js/main.js");
      assertThat(script).isInstanceOf(PackagedFiles.PackagedFile.class);
      assertThat(script.getContentAsString(UTF_8)).isEqualTo("let a;");
      assertThat(script.getFilename()).isEqualTo("main.js");
      assertThat(((PackagedFiles.PackagedFile) script).etag()).matches("W/\"[0-9a-f]{32}\"");
      assertThat(resolve(files, "../secret.txt")).isNull();
      assertThat(resolve(files, "js/")).isNull();
      assertThat(resolve(files, "nothing.js")).isNull();
    }
  }

  @Test
  void aFileInAFolderIsReadEachTime() {
    assertThat(resolve(new PackagedFiles(getClass().getClassLoader()), "index.html"))
        .isNotNull()
        .isNotInstanceOf(PackagedFiles.PackagedFile.class);
  }

  private static Resource resolve(PackagedFiles files, String path) {
    return files.resolveResource(
        null, path, List.of(new ClassPathResource("static/")), mock(ResourceResolverChain.class));
  }

  private static void put(JarOutputStream out, String name, String content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content.getBytes(UTF_8));
    out.closeEntry();
  }
}
