package dev.waybill.event;

/**
 * This running process of Waybill.
 *
 * @param id a new ID at every start, 16 hexadecimal digits
 */
public record Pod(String id) {}
