package dev.waybill.stream;

/**
 * A stream as a client names it and as this service does.
 *
 * @param name such as {@code orders} or {@code job:<transaction ID>}
 * @param id unique among the streams of all kinds
 */
record NamedStream(String name, String id) {}
