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

/** The methods that say which rows they show, from the class files, so that none of them runs. */
record MarkedTests(List<Marked> all) {

  /**
   * One such method.
   *
   * @param source its file, from the folder of the tests' sources
   * @param isTest whether JUnit runs it
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

  /** The tests of each row that any test names. */
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
