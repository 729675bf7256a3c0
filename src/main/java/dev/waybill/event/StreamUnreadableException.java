package dev.waybill.event;

/**
 * A stream cannot be read now, for a reason that was logged and counted where it arose. Its clients
 * come back later.
 */
public final class StreamUnreadableException extends RuntimeException {

  public StreamUnreadableException(String why) {
    super(why);
  }
}
