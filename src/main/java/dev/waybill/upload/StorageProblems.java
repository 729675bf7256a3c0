package dev.waybill.upload;

import dev.waybill.file.DiskFullException;
import dev.waybill.problem.Problem;
import java.io.IOException;
import org.springframework.http.HttpStatus;

/**
 * The problems {@code disk-full} and {@code storage}. Both problems mean that a file cannot be
 * stored.
 */
final class StorageProblems {

  private static final int RETRY_SECONDS = 60;

  private StorageProblems() {}

  static Problem diskFull(DiskFullException cause) {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "disk-full",
            "The disk is full",
            "There is no room left for the file. Nothing of it was kept.",
            cause)
        .retryAfterSeconds(RETRY_SECONDS);
  }

  static Problem unusable(IOException cause) {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "storage",
            "The storage does not answer",
            "The file could not be stored. Nothing of it was kept.",
            cause)
        .retryAfterSeconds(RETRY_SECONDS);
  }
}
