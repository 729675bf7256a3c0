package dev.waybill.file;

import java.io.IOException;

/** Thrown if the disk that stores the files is full, or if its quota is exhausted. */
public final class DiskFullException extends IOException {

  public DiskFullException(String message, IOException cause) {
    super(message, cause);
  }
}
