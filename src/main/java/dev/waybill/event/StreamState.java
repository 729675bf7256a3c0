package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * A stream as its source of truth has it at one moment.
 *
 * @param data the snapshot's JSON, one line
 * @param position how far the job is, in rows
 * @param attempt the attempt that runs or ran last; 0 while queued
 * @param finalEvent the event that ends the stream, or null while the job goes on
 */
public record StreamState(
    String data, long position, int attempt, @Nullable StreamEvent finalEvent) {}
