package dev.waybill.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints the action that the operator should take, instead of a long stack trace. */
class OpenStartFailureAnalyzer extends AbstractFailureAnalyzer<OpenStartException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, OpenStartException cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Do one of these: set WAYBILL_ACCESS_BOOTSTRAPKEY to what `openssl rand -hex 32` prints;"
            + " make a key by `java -jar waybill.jar key create --name=admin --scopes=admin`; set"
            + " waybill.access.jwt.issuer-uri; leave server.address at 127.0.0.1; or, where nobody"
            + " else reaches this server, set waybill.access.open=true.",
        cause);
  }
}
