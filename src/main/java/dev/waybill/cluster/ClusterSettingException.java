package dev.waybill.cluster;

/** A setting that every pod of a cluster needs is missing or wrong. */
final class ClusterSettingException extends RuntimeException {

  private final String action;

  ClusterSettingException(String message, String action) {
    super(message);
    this.action = action;
  }

  /** What the operator should do. */
  String action() {
    return action;
  }
}
