package dev.waybill.file;

import java.io.IOException;

/** There is no room for more bytes where files are stored. */
public final class DiskFullException extends IOException {

  public DiskFullException(String message, IOException cause) {
    super(message, cause);
  }
}
