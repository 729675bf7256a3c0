package dev.waybill.csv;

/** The file has no usable header. The user who uploaded the file reads the message. */
public final class CsvHeaderException extends RuntimeException {

  CsvHeaderException(String message) {
    super(message);
  }
}
