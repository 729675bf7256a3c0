package dev.waybill.stream;

import java.util.Collection;

/**
 * Does nothing. Used by a service with a single pod, because no other pod has to find the emitters
 * of this pod.
 */
final class NoOwnership implements Ownership {

  @Override
  public void claim(Collection<String> streamIds, String emitterId) {}

  @Override
  public void release(Collection<String> streamIds, String emitterId) {}
}
