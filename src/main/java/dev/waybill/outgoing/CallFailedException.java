package dev.waybill.outgoing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpException;

/**
 * Thrown if a call to another server got no complete answer. The message of the exception is a code
 * that callers of the API may see.
 */
public final class CallFailedException extends Exception {

  private static final long serialVersionUID = 1;

  CallFailedException(String code, Throwable cause) {
    super(code, cause);
  }

  /** Creates the exception for an answer that did not arrive in time. */
  static CallFailedException timeout(Throwable cause) {
    return new CallFailedException("timeout", cause);
  }

  static CallFailedException of(Throwable failure) {
    String code =
        switch (failure) {
          case AddressRefusedException _ -> "address-refused";
          case UnknownHostException _ -> "unknown-host";
          case SocketTimeoutException _ -> "timeout";
          case SSLException _ -> "tls";
          case ConnectException _ -> "connect";
          case HttpException _ -> "not-http";
          case IOException _ -> "connection-lost";
          default -> "internal";
        };
    return new CallFailedException(code, failure);
  }

  /** The reason for the failure: a short code in lower case, from a fixed set. */
  public String code() {
    return String.valueOf(getMessage());
  }
}
