package dev.waybill.outgoing;

import java.net.UnknownHostException;

/** A host has an address that is not public, so nothing was sent to it. */
public final class AddressRefusedException extends UnknownHostException {

  private static final long serialVersionUID = 1;

  AddressRefusedException() {
    super("the host has an address that is not public");
  }
}
