package dev.waybill.cluster;

/** The names of all keys in Redis. The braces keep all keys of one stream in one hash slot. */
final class RedisKeys {

  private RedisKeys() {}

  /** Redis stream: the event log. An entry has the ID of its event. */
  static String events(String streamId) {
    return "waybill:{" + streamId + "}:events";
  }

  /** Hash: maps each emitter ID to the ID of the pod that has this emitter. */
  static String emitters(String streamId) {
    return "waybill:{" + streamId + "}:emitters";
  }

  /** Hash: maps each pod ID to the number of emitters that this pod has. */
  static String pods(String streamId) {
    return "waybill:{" + streamId + "}:pods";
  }

  /** String: a mark that changes whenever the log starts over from lower IDs. */
  static String restart(String streamId) {
    return "waybill:{" + streamId + "}:restart";
  }

  /** String: the used amount of a caller's quota in the current time window. */
  static String quota(String window) {
    return "waybill:quota:" + window;
  }

  /**
   * Sorted set: the places that a caller holds, such as connections, each with the time at which it
   * expires.
   */
  static String places(String of) {
    return "waybill:places:" + of;
  }

  /** String: the ID of the pod that has an emitter. */
  static String emitter(String emitterId) {
    return "waybill:emitter:" + emitterId;
  }

  /** Set: the IDs of all pods; some may be dead. */
  static String allPods() {
    return "waybill:pods";
  }

  /** String: the URL of a live pod. */
  static String pod(String podId) {
    return "waybill:pod:" + podId;
  }
}
