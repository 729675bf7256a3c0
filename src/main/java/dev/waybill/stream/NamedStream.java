package dev.waybill.stream;

/**
 * A stream with two identifiers: the name that clients use, and the ID that this service uses.
 *
 * @param name for example {@code orders} or {@code job:<transaction ID>}
 * @param id unique among the streams of all kinds
 */
record NamedStream(String name, String id) {}
