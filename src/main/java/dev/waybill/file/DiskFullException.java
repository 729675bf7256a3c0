package dev.waybill.file;

import java.io.IOException;

/** The disk that stores the files is full, or its quota is exhausted. */
public final class DiskFullException extends IOException {

  public DiskFullException(String message, IOException cause) {
    super(message, cause);
  }
}
