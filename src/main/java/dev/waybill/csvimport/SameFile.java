package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.access.Caller;
import dev.waybill.csv.Notice;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Recognises a file that the same caller has imported before. */
final class SameFile {

  private SameFile() {}

  /** A hash that is equal for two files with the same bytes from the same caller. */
  static String of(Caller caller, String sha256) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest((caller.id() + "\n" + sha256).getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static Notice notice(String job) {
    return new Notice(
        "same-file",
        null,
        1,
        List.of(),
        "You imported a file of the same bytes before, as the job %s.".formatted(job),
        job,
        null,
        null);
  }
}
