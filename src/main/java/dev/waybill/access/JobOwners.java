package dev.waybill.access;

import java.util.Optional;

/** Finds the owner of a job. The package {@code job} implements it. */
public interface JobOwners {

  /**
   * The {@link Caller#id()} of the caller that created a job; empty if there is no such job or its
   * caller is unknown. May query the database.
   */
  Optional<String> ownerOf(String jobId);
}
