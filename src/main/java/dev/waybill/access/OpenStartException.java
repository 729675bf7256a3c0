package dev.waybill.access;

/** The server would listen on an address that others reach, and anybody could do everything. */
final class OpenStartException extends RuntimeException {

  OpenStartException(String address) {
    super(
        "Waybill would listen on %s, where others reach it, and there is no key and no issuer of tokens."
            .formatted(address));
  }
}
