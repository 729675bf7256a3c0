package dev.waybill.access;

/**
 * The kinds of resources of which a principal (the holder of a key or JWT) may have only a limited
 * number at the same time. The limit counts over all pods. Emitters are the connections of watching
 * clients.
 */
public enum AtOnce {
  EMITTERS("emitters"),
  UPLOADS("uploads-at-once");

  private final String quota;

  AtOnce(String quota) {
    this.quota = quota;
  }

  /**
   * The name, in settings, headers and metrics, of the quota that limits the number of these
   * resources.
   */
  public String quota() {
    return quota;
  }

  String of(Caller caller) {
    return quota + ":" + caller.id();
  }
}
