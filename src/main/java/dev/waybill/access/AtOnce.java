package dev.waybill.access;

/**
 * The things of which a principal may have only a limited number at the same time, counted over all
 * pods. Emitters are the connections of watching clients.
 */
public enum AtOnce {
  EMITTERS("emitters"),
  UPLOADS("uploads-at-once");

  private final String quota;

  AtOnce(String quota) {
    this.quota = quota;
  }

  /** The name of the quota that limits the number, in settings, headers and metrics. */
  public String quota() {
    return quota;
  }

  String of(Caller caller) {
    return quota + ":" + caller.id();
  }
}
