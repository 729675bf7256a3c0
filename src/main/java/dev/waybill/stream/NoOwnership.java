package dev.waybill.stream;

import java.util.Collection;

/** Does nothing. For a service with a single pod, where no other pod has to find its emitters. */
final class NoOwnership implements Ownership {

  @Override
  public void claim(Collection<String> streamIds, String emitterId) {}

  @Override
  public void release(Collection<String> streamIds, String emitterId) {}
}
