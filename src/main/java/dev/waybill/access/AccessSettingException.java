package dev.waybill.access;

/**
 * Thrown if a setting of {@code waybill.access} cannot work. The message contains no value of a
 * setting, because the value may be a secret.
 */
final class AccessSettingException extends IllegalArgumentException {

  private final String action;

  /**
   * @param message a text that says what is wrong
   * @param action a text that says what the operator can do
   */
  AccessSettingException(String message, String action) {
    super(message);
    this.action = action;
  }

  String action() {
    return action;
  }
}
