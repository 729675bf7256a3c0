package dev.waybill.csvimport;

import java.util.List;

/**
 * How many rows of a job were rejected for one cause, up to a chunk.
 *
 * @param place its number among the causes of the job, in the order in which they came, from 1
 */
record CauseSum(int place, CauseKey key, long count, long stored, List<String> samples) {

  CauseSum plus(ChunkCauses.Tally tally) {
    return new CauseSum(
        place,
        key,
        count + tally.count(),
        stored + tally.stored(),
        ChunkCauses.firstDifferent(samples, tally.samples()));
  }

  Cause shown() {
    return new Cause(key.code(), key.column(), count, stored, samples);
  }
}
