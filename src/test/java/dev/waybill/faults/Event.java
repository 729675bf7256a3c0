package dev.waybill.faults;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** An event as a watcher received it. */
record Event(String id, String name, JsonNode data) {

  int attempt() {
    return Integer.parseInt(id.substring(0, id.indexOf('-')));
  }

  long sequence() {
    return Long.parseLong(id.substring(id.indexOf('-') + 1));
  }

  boolean isSnapshot() {
    return name.equals("snapshot");
  }

  boolean isFinal() {
    return List.of("complete", "error", "cancelled").contains(name);
  }

  boolean isAfter(Event other) {
    return attempt() > other.attempt()
        || attempt() == other.attempt() && sequence() > other.sequence();
  }

  /**
   * Whether this event may follow the other one on a connection. IDs must increase; only a snapshot
   * may repeat an ID.
   */
  boolean mayFollow(Event other) {
    return isAfter(other) || isSnapshot() && id.equals(other.id);
  }

  /** The rows that it reports as rejected. */
  List<Integer> rejectedRows() {
    return name.equals("rejected")
        ? data.get("rejections").values().stream().map(each -> each.get("row").asInt()).toList()
        : List.of();
  }

  @Override
  public String toString() {
    return id + " " + name;
  }
}
