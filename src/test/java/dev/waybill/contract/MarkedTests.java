package dev.waybill.contract;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;

/**
 * The test methods that name rows of the contract. They are read from the class files, so that no
 * test runs for this.
 */
record MarkedTests(List<Marked> all) {

  /**
   * A test method that names rows of the contract.
   *
   * @param source its file, relative to the source folder of the tests
   * @param isTest whether JUnit runs the method
   */
  record Marked(String source, String className, String name, List<String> keys, boolean isTest) {

    @Override
    public String toString() {
      return className + "." + name;
    }
  }

  static MarkedTests read() throws URISyntaxException {
    Path classes = Path.of(Shows.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new MarkedTests(
        new ClassFileImporter()
            .importPath(classes).stream()
                .flatMap(each -> each.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Shows.class))
                .map(MarkedTests::marked)
                .sorted(Comparator.comparing(Marked::toString))
                .toList());
  }

  private static Marked marked(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return new Marked(
        topLevel(owner.getName()).replace('.', '/') + ".java",
        owner.getSimpleName(),
        method.getName(),
        List.of(method.getAnnotationOfType(Shows.class).value()),
        method.isMetaAnnotatedWith(Testable.class));
  }

  private static String topLevel(String className) {
    int nested = className.indexOf('$');
    return nested < 0 ? className : className.substring(0, nested);
  }

  /** For each row that a test names, all tests that name it. */
  Map<String, List<Marked>> byKey() {
    return all.stream()
        .flatMap(test -> test.keys().stream().map(key -> Map.entry(key, test)))
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                TreeMap::new,
                Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
  }

  Stream<String> keys() {
    return all.stream().flatMap(test -> test.keys().stream());
  }
}
