package dev.waybill.job;

import org.jspecify.annotations.Nullable;

/** The reason why a job failed, in words for the people who watch the job. */
public final class JobFailure extends RuntimeException {

  private final String code;

  /**
   * @param code the stable code of the job's error, such as {@code file-lost}
   * @param detail a text for people that says what happened and what they can do, without internal
   *     details
   */
  public JobFailure(String code, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.code = code;
  }

  String code() {
    return code;
  }
}
