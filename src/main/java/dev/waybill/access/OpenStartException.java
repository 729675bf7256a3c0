package dev.waybill.access;

/**
 * Thrown at the start if the server would listen on an address that other machines can reach
 * although calls need no credential.
 */
final class OpenStartException extends RuntimeException {

  OpenStartException(String address) {
    super(
        "Waybill would listen on %s, where others reach it, and there is no key and no issuer of tokens."
            .formatted(address));
  }
}
