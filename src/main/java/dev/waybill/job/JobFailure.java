package dev.waybill.job;

import org.jspecify.annotations.Nullable;

/** Why a job failed, in words for the people who watch it. */
public final class JobFailure extends RuntimeException {

  private final String code;

  /**
   * @param code the stable code of the job's error, such as {@code file-lost}
   * @param detail what happened and what to do, without internal details
   */
  public JobFailure(String code, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.code = code;
  }

  String code() {
    return code;
  }
}
