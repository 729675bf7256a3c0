package dev.waybill;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Facts about a Java source file that its class file does not contain.
 *
 * @param name the simple name of the file, without {@code .java}
 * @param literals its string literals and text blocks, unescaped
 * @param publicWithoutJavadoc its public top-level types that have no Javadoc
 * @param isSynchronized whether it has a synchronized method or block
 */
record SourceFile(
    String name, List<String> literals, List<String> publicWithoutJavadoc, boolean isSynchronized) {

  /** Parses every Java file under a folder. */
  static List<SourceFile> under(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = all.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(paths));
      DocTrees docs = DocTrees.instance(task);
      List<SourceFile> parsed = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        parsed.add(read(unit, docs));
      }
      return parsed;
    }
  }

  private static SourceFile read(CompilationUnitTree unit, DocTrees docs) {
    List<String> literals = new ArrayList<>();
    AtomicBoolean isSynchronized = new AtomicBoolean();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitSynchronized(SynchronizedTree block, Void none) {
        isSynchronized.set(true);
        return super.visitSynchronized(block, none);
      }

      @Override
      public Void visitMethod(MethodTree method, Void none) {
        if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
          isSynchronized.set(true);
        }
        return super.visitMethod(method, none);
      }

      @Override
      public Void visitLiteral(LiteralTree literal, Void none) {
        if (literal.getKind() == Tree.Kind.STRING_LITERAL) {
          literals.add((String) literal.getValue());
        }
        return null;
      }
    }.scan(unit, null);

    List<String> undocumented = new ArrayList<>();
    for (Tree type : unit.getTypeDecls()) {
      if (type instanceof ClassTree declared
          && declared.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        DocCommentTree comment = docs.getDocCommentTree(new TreePath(new TreePath(unit), declared));
        if (comment == null || comment.getFirstSentence().isEmpty()) {
          undocumented.add(declared.getSimpleName().toString());
        }
      }
    }
    String file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
    return new SourceFile(
        file.substring(0, file.length() - ".java".length()),
        literals,
        undocumented,
        isSynchronized.get());
  }
}
