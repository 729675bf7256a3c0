package dev.waybill.outgoing;

import java.net.UnknownHostException;

/** A host name resolves to an address that is not public. Nothing was sent to the host. */
public final class AddressRefusedException extends UnknownHostException {

  private static final long serialVersionUID = 1;

  AddressRefusedException() {
    super("the host has an address that is not public");
  }
}
