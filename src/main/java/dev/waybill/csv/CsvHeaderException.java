package dev.waybill.csv;

/**
 * Thrown if a file has no usable header. The message is shown to the user who uploaded the file.
 */
public final class CsvHeaderException extends RuntimeException {

  CsvHeaderException(String message) {
    super(message);
  }
}
