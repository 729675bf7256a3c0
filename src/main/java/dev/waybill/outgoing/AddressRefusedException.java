package dev.waybill.outgoing;

import java.net.UnknownHostException;

/**
 * Thrown if a host name resolves to an address that is not public. No request was sent to the host.
 */
public final class AddressRefusedException extends UnknownHostException {

  private static final long serialVersionUID = 1;

  AddressRefusedException() {
    super("the host has an address that is not public");
  }
}
