package dev.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.access.WorkerTokens;
import dev.waybill.job.AttemptToken;
import dev.waybill.storage.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Creates the tokens of workers. A token is derived from a secret of the server, from the job and
 * from the attempt. So no token is stored, and a repeated request gets the same token. The secret
 * is the setting {@code waybill.cluster.secret}. If this setting is missing, the secret is read
 * from a file in the data folder.
 */
@Component
class IssueWorkerTokens implements WorkerTokens {

  private static final String FILE = "worker-secret";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final SecretKeySpec key;

  @Autowired
  IssueWorkerTokens(Environment environment) {
    this(secret(environment));
  }

  IssueWorkerTokens(byte[] secret) {
    key = new SecretKeySpec(secret, ALGORITHM);
  }

  private static byte[] secret(Environment environment) {
    Binder settings = Binder.get(environment);
    String ofCluster = settings.bind("waybill.cluster.secret", String.class).orElse("");
    Path folder = settings.bind("waybill.data-dir", Path.class).orElse(Path.of("./data"));
    return ofCluster.isBlank()
        ? secretOf(folder.resolve(FILE))
        : ("worker tokens " + ofCluster).getBytes(UTF_8);
  }

  /** Returns the token for an attempt at a job. */
  String token(String jobId, int attempt) {
    String claim = jobId + "." + attempt;
    return claim + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(claim));
  }

  /**
   * Checks a token. Returns the job and the attempt for which the token is valid; empty if the text
   * is not a valid token of this service.
   */
  Optional<AttemptToken> read(String token) {
    Matcher matcher = FORM.matcher(token);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String jobId = matcher.group(1);
    int attempt = Integer.parseInt(matcher.group(2));
    byte[] valid = token(jobId, attempt).getBytes(UTF_8);
    return MessageDigest.isEqual(valid, token.getBytes(UTF_8))
        ? Optional.of(new AttemptToken(jobId, attempt))
        : Optional.empty();
  }

  @Override
  public Optional<String> jobOf(String token) {
    return read(token).map(AttemptToken::jobId);
  }

  private byte[] mac(String claim) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(claim.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * Reads the secret from the file. If the file contains no secret, writes a new secret. If several
   * pods share the folder, only one pod at a time reads or writes the file.
   */
  private static byte[] secretOf(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
              OwnerOnly.open(
                  file,
                  Set.of(
                      StandardOpenOption.CREATE,
                      StandardOpenOption.READ,
                      StandardOpenOption.WRITE));
          FileLock _ = channel.lock()) {
        ByteBuffer secret = ByteBuffer.allocate(SECRET_BYTES);
        while (secret.hasRemaining() && channel.read(secret) >= 0) {}
        if (secret.hasRemaining()) {
          new SecureRandom().nextBytes(secret.array());
          channel.position(0);
          channel.write(ByteBuffer.wrap(secret.array()));
          channel.force(true);
        }
        return secret.array();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the secret of worker tokens in " + file, e);
    }
  }
}
