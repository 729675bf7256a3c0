package dev.waybill.upload;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile: settings that are stored under a name that the caller chose.
 *
 * @param fingerprint the fingerprint of the header for which the profile is used; null if the
 *     profile is not for a specific header
 */
record SavedProfile(
    String name,
    Settings settings,
    @Nullable String fingerprint,
    Instant createdAt,
    Instant updatedAt) {}
