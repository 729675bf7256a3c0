package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Calculates the fingerprint of an upload request. Two requests that upload the same file with the
 * same parameters have the same fingerprint.
 */
final class Fingerprint {

  private Fingerprint() {}

  static String of(ReceivedFile file, UploadParameters parameters) {
    return file.sha256() + "-" + Sha256.hex(parameters.canonical().getBytes(UTF_8));
  }
}
