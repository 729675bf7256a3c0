package dev.waybill.csvimport;

import java.util.List;

/**
 * The number of rows of a job that were rejected for one cause, counted over the chunks so far.
 *
 * @param place the number of the cause within its job, from 1, in the order in which the causes
 *     first occurred
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
