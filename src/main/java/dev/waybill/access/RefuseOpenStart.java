package dev.waybill.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Refuses to start if other machines could make every call without a credential. */
@Slf4j
@Component
@RequiredArgsConstructor
class RefuseOpenStart {

  private final AccessProperties properties;
  private final Environment environment;

  /**
   * @param accessIsOn whether calls need a credential
   * @throws OpenStartException if this server must not start
   */
  void check(boolean accessIsOn) {
    String address = environment.getProperty("server.address");
    if (accessIsOn) {
      log.info("Calls need a key or a token");
    } else if (isLoopback(address)) {
      log.info(
          "Accepts calls from this machine only (server.address={}), without a key. See"
              + " docs/access.md before others may call",
          address);
    } else if (properties.open()) {
      log.warn("Everybody who reaches this server may do everything: waybill.access.open is set");
    } else {
      throw new OpenStartException(address == null ? "every address" : address);
    }
  }

  private static boolean isLoopback(@Nullable String address) {
    if (address == null || address.isBlank()) {
      return false; // without this setting, Tomcat listens on all addresses
    }
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
