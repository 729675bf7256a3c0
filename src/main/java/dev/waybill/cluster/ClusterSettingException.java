package dev.waybill.cluster;

/** Thrown if a setting that every pod of a cluster needs is missing or wrong. */
final class ClusterSettingException extends RuntimeException {

  private final String action;

  ClusterSettingException(String message, String action) {
    super(message);
    this.action = action;
  }

  /** Returns a text that says how the operator can correct the setting. */
  String action() {
    return action;
  }
}
