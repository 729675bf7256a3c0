package dev.waybill.upload;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Settings under a name that their caller chose.
 *
 * @param fingerprint of the header of the files that it is for; null if it is for no header
 */
record SavedProfile(
    String name,
    Settings settings,
    @Nullable String fingerprint,
    Instant createdAt,
    Instant updatedAt) {}
