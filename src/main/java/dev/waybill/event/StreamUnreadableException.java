package dev.waybill.event;

/**
 * Thrown if a stream cannot be read now. The code that throws this exception has already logged and
 * counted the reason. The clients of the stream reconnect later.
 */
public final class StreamUnreadableException extends RuntimeException {

  public StreamUnreadableException(String why) {
    super(why);
  }
}
