package dev.waybill.access;

import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Whether calls need a credential. */
@Component
@RequiredArgsConstructor
class AccessSwitch {

  private final AccessProperties properties;
  private final KnownKeys keys;

  /**
   * Whether access control is on. Access control is on if there is a bootstrap key, an issuer of
   * tokens or a stored key, even if the stored key is revoked.
   */
  boolean isOn() {
    return properties.bootstrapKey() != null || properties.jwt().isConfigured() || keys.anyKey();
  }
}
