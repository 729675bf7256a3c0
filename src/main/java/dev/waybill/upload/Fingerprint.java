package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What two requests have in common that ask for the same. */
final class Fingerprint {

  private Fingerprint() {}

  static String of(ReceivedFile file, UploadParameters parameters) {
    return file.sha256() + "-" + Sha256.hex(parameters.canonical().getBytes(UTF_8));
  }
}
