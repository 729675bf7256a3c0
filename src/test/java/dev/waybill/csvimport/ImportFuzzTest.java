package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.sheet.WorkbookBuilder;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/**
 * Makes random files from the test cases. Each file must be imported correctly, refused, or refused
 * with a question. {@code -Dfuzz.files=5000} tries more files, {@code -Dfuzz.seed=} other ones.
 */
@ExtendWith(OutputCaptureExtension.class)
class ImportFuzzTest extends ImportTestBase {

  private static final Path CASES = Path.of("src/test/resources/dev/waybill/csvimport/cases");
  private static final int LARGEST = 1 << 20;
  private static final int FILES = Integer.getInteger("fuzz.files", 60);
  private static final long SEED = Long.getLong("fuzz.seed", 12);

  private static final int WARM_UP = 5;

  /**
   * Maximum time until the answer. An idle machine needs a second, but builds run on busy machines.
   */
  private static final long MILLIS = Long.getLong("fuzz.millis", 10_000);

  private static final List<Charset> CHARSETS =
      Stream.of("UTF-16LE", "UTF-16", "windows-1252", "IBM850", "x-MacRoman")
          .map(Charset::forName)
          .toList();

  private static final String[] TOKENS = {
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r\n",
    "\r",
    "\\",
    "\\N",
    "\0",
    "\uFEFF",
    "sep=;\n",
    "sku,name\n",
    "=1+1",
    "#N/A",
    "1.234",
    "12,90",
    "\u001A",
    "Ã¤",
    "\u200B",
    "\n\n\n",
    "<",
    "PK\3\4"
  };

  @Test
  void everyFileEndsAsRightAskedOrRefused(CapturedOutput output) throws Exception {
    List<byte[]> seeds = seeds();
    Random random = new Random(SEED);
    for (int i = 0; i < FILES; i++) {
      byte[] file = mutated(seeds, random);
      String query = random.nextInt(4) == 0 ? "?dryRun=true&decimal=point" : "?dryRun=true";
      long start = System.nanoTime();

      HttpResponse<String> answer = send(query, file);

      long millis = (System.nanoTime() - start) / 1_000_000;
      String what = "file %d of seed %d: %s".formatted(i, SEED, answer.body());
      // The first files are not measured, because the server has just started.
      assertThat(i < WARM_UP ? 0 : millis).as(what).isLessThan(MILLIS);
      assertThat(answer.statusCode()).as(what).isIn(202, 400, 413, 415, 422);
      if (answer.statusCode() == 202) {
        String id = json(answer.body()).get("transactionId").asString();
        awaitEnd(id);
        JsonNode job = json(get("/api/jobs/" + id, "application/json").body());
        assertThat(job.get("status").asString()).as(what).isEqualTo("COMPLETED");
      }
    }
    assertThat(output).doesNotContain("ERROR").doesNotContain("\tat dev.waybill");
  }

  private HttpResponse<String> send(String query, byte[] file) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri("/api/upload/csv" + query))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<byte[]> seeds() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(CASES)) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".yaml")).sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    List<List<String>> table =
        List.of(List.of("sku", "name", "price"), List.of("A-1", "Mug", "12.9"), List.of("B", "x"));
    seeds.add(new WorkbookBuilder().table("S", table).bytes());
    seeds.add(WorkbookBuilder.zip(Map.of("a.csv", "sku,name\nA,B\n")));
    return seeds;
  }

  private static byte[] mutated(List<byte[]> seeds, Random random) {
    byte[] file = seeds.get(random.nextInt(seeds.size()));
    for (int changes = random.nextInt(5); changes >= 0; changes--) {
      int at = file.length == 0 ? 0 : random.nextInt(file.length);
      int to = Math.min(file.length, at + 1 + random.nextInt(40));
      file =
          switch (random.nextInt(9)) {
            case 0 ->
                joined(
                    file,
                    at,
                    new byte[] {(byte) random.nextInt(256)},
                    Math.min(file.length, at + 1));
            case 1 -> joined(file, at, new byte[0], to);
            case 2 -> joined(file, at, TOKENS[random.nextInt(TOKENS.length)].getBytes(UTF_8), at);
            case 3 -> joined(file, at, seeds.get(random.nextInt(seeds.size())), at);
            case 4 -> Arrays.copyOf(file, at);
            case 5 -> replaced(file, ",;\t|\"'\n".charAt(random.nextInt(7)), random);
            case 6 -> repeated(file, at, to, 1 + random.nextInt(20_000));
            case 7 -> joined(file, at, Arrays.copyOfRange(file, 0, to), at);
            default ->
                new String(file, UTF_8).getBytes(CHARSETS.get(random.nextInt(CHARSETS.size())));
          };
      file = file.length > LARGEST ? Arrays.copyOf(file, LARGEST) : file;
    }
    return file;
  }

  private static byte[] joined(byte[] file, int to, byte[] middle, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, to);
    out.writeBytes(middle);
    out.write(file, from, file.length - from);
    return out.toByteArray();
  }

  private static byte[] replaced(byte[] file, char found, Random random) {
    byte[] changed = file.clone();
    byte other = (byte) ",;\t|\"'\n ^".charAt(random.nextInt(9));
    for (int i = 0; i < changed.length; i++) {
      changed[i] = changed[i] == found ? other : changed[i];
    }
    return changed;
  }

  private static byte[] repeated(byte[] file, int from, int to, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, to);
    for (int i = 0; i < times && out.size() < LARGEST; i++) {
      out.write(file, from, to - from);
    }
    out.write(file, to, file.length - to);
    return out.toByteArray();
  }
}
