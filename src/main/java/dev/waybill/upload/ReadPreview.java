package dev.waybill.upload;

import dev.waybill.csv.CsvFormat;
import dev.waybill.csv.CsvLimits;
import dev.waybill.csv.CsvReader;
import dev.waybill.csv.Notice;
import dev.waybill.csv.RecordProperties;
import dev.waybill.csv.TextVerdict;
import dev.waybill.csvimport.KeptFile;
import dev.waybill.csvimport.PlanImport;
import dev.waybill.csvimport.PreviewPlan;
import dev.waybill.csvimport.PreviewRows;
import dev.waybill.file.StoredFiles;
import dev.waybill.problem.Problem;
import dev.waybill.sheet.ConvertedSheet;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the first rows of a stored file and shows the result that an import of these rows would
 * have.
 */
@Component
@RequiredArgsConstructor
class ReadPreview {

  /**
   * The charset that is used while the real charset is not known. In this charset, every byte is a
   * character, so decoding never fails.
   */
  private static final Charset ANY = Charset.forName("ISO-8859-1");

  private final StoredFiles files;
  private final RecordProperties recordProperties;
  private final PreviewRows previewRows;
  private final FindProfile findProfile;
  private final JsonMapper json;

  /** The facts that are known about the file so far. */
  private record Found(
      @Nullable CsvFormat format,
      @Nullable PreviewPlan plan,
      List<PreviewRows.Row> rows,
      List<Notice> notices,
      @Nullable Problem problem) {}

  /**
   * Reads the file of a preview and shows it. The caller must have just extended the preview's
   * lifetime.
   *
   * @throws Problem 410 {@code expired} if the file was deleted, 503 {@code storage} if the file
   *     cannot be read
   */
  PreviewView read(KeptFile kept) {
    Settings settings = json.readValue(kept.settings(), Settings.class);
    Found found;
    try {
      found = find(kept, UploadParameters.of(settings));
    } catch (NoSuchFileException e) {
      throw PreviewProblems.expired();
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
    CsvFormat format = found.format();
    PreviewPlan plan = found.plan();
    Problem problem = found.problem();
    ConvertedSheet sheet = evidence(kept).sheet();
    String self = "/api/previews/" + kept.id();
    return new PreviewView(
        kept.id(),
        kept.expiresAt(),
        kept.fileName(),
        kept.bytes(),
        plan == null ? null : plan.format(),
        format == null ? null : format.charset().name(),
        format == null ? null : format.delimiter().word(),
        format == null ? null : Math.max(1, format.shape().headerLine()),
        sheet == null ? null : sheet.name(),
        shown(settings),
        plan == null ? null : findProfile.forHeader(kept.caller(), names(plan)),
        plan == null ? List.of() : plan.columns(),
        found.rows(),
        found.notices(),
        problem == null ? null : json.writeValueAsString(problem.getBody()),
        new PreviewView.Jobs(id(kept.imported()), id(kept.dryRun())),
        new PreviewView.Links(self, self + "/import"));
  }

  private static @Nullable String id(KeptFile.@Nullable Used used) {
    return used == null ? null : used.jobId();
  }

  /** The names of all columns. The fingerprint of the header is computed from these names. */
  static List<String> names(PreviewPlan plan) {
    return plan.columns().stream().map(PreviewPlan.Column::header).toList();
  }

  private static Map<String, String> shown(Settings settings) {
    Map<String, String> shown = new TreeMap<>();
    settings
        .values()
        .forEach(
            (name, values) -> {
              if (!name.equals(Settings.MAP) && !values.isEmpty()) {
                shown.put(name, values.getFirst());
              }
            });
    return shown;
  }

  /** The names of the columns of a file; empty if its header cannot be used. */
  List<String> header(KeptFile kept, Settings settings) {
    try {
      PreviewPlan plan = find(kept, UploadParameters.of(settings)).plan();
      return plan == null ? List.of() : names(plan);
    } catch (NoSuchFileException e) {
      throw PreviewProblems.expired();
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
  }

  private Found find(KeptFile kept, UploadParameters parameters) throws IOException {
    TextFile file = textFile(kept, parameters);
    CsvLimits limits = recordProperties.limits();
    List<Notice> notices = new ArrayList<>(file.notices());
    Problem problem = null;
    Charset charset;
    try {
      charset = FileCheck.charset(file, notices);
    } catch (Problem unknown) {
      problem = unknown;
      charset = likely(file.verdict());
    }
    CsvFormat format;
    try {
      format = FileCheck.format(file, charset, parameters, limits, notices);
    } catch (Problem unusable) {
      return new Found(null, null, List.of(), notices, problem == null ? unusable : problem);
    }
    PreviewPlan plan;
    try (CsvReader reader = CsvReader.open(file.bytes(), file.size(), format, limits)) {
      plan = PlanImport.attempt(reader, parameters.wishes(), notices, file.numbers());
    }
    return new Found(
        format,
        plan,
        rows(file, format, limits, plan),
        plan.notices(),
        problem == null ? plan.problem() : problem);
  }

  private List<PreviewRows.Row> rows(
      TextFile file, CsvFormat format, CsvLimits limits, PreviewPlan plan) throws IOException {
    if (plan.plan() == null) {
      return List.of();
    }
    try (CsvReader reader = CsvReader.open(file.bytes(), file.size(), format, limits)) {
      return previewRows.of(reader, Objects.requireNonNull(plan.plan()));
    }
  }

  /** A stored file together with the charset that its caller requests. */
  TextFile textFile(KeptFile kept, UploadParameters parameters) {
    FileEvidence evidence = evidence(kept);
    // The converted text of a sheet is always UTF-8, so a charset that the caller names is ignored.
    Charset charset = evidence.sheet() == null ? parameters.charset() : null;
    return new TextFile(
        offset -> files.open(kept.id(), offset),
        kept.bytes(),
        evidence.text().read(charset),
        evidence.sheet());
  }

  FileEvidence evidence(KeptFile kept) {
    return json.readValue(kept.evidence(), FileEvidence.class);
  }

  private static Charset likely(TextVerdict verdict) {
    return verdict instanceof TextVerdict.UnknownCharset(String _, List<Charset> likely)
            && !likely.isEmpty()
        ? likely.getFirst()
        : ANY;
  }
}
