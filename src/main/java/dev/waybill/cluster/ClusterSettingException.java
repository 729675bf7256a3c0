package dev.waybill.cluster;

/** Reports that a setting that every pod of a cluster needs is missing or wrong. */
final class ClusterSettingException extends RuntimeException {

  private final String action;

  ClusterSettingException(String message, String action) {
    super(message);
    this.action = action;
  }

  /** What the operator should do to correct the setting. */
  String action() {
    return action;
  }
}
