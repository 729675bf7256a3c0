package dev.waybill.access;

import java.util.Optional;

/** Finds the owner of a job. The package {@code job} implements it. */
public interface JobOwners {

  /**
   * The {@link Caller#id()} of the caller that made a job; empty where there is no such job, or
   * where its caller is unknown. May ask the database.
   */
  Optional<String> ownerOf(String jobId);
}
