package dev.waybill.access;

/** What a principal has at the same time on all pods, and what its number is limited by. */
public enum AtOnce {
  EMITTERS("emitters"),
  UPLOADS("uploads-at-once");

  private final String quota;

  AtOnce(String quota) {
    this.quota = quota;
  }

  /** The name of the quota, in settings, headers and metrics. */
  public String quota() {
    return quota;
  }

  String of(Caller caller) {
    return quota + ":" + caller.id();
  }
}
