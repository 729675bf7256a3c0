package dev.waybill.csv;

/** The file has no usable header record. The message is for the person who uploaded it. */
public final class CsvHeaderException extends RuntimeException {

  CsvHeaderException(String message) {
    super(message);
  }
}
