package dev.waybill.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Profile;

/**
 * The settings that the pods of a cluster need.
 *
 * @param secret signs the requests between pods; the same on all pods, at least 32 characters
 * @param advertiseUrl the address at which the other pods reach this one, such as {@code
 *     http://10.0.0.7:8080}; http or https, without a path
 */
@Profile("cluster")
@ConfigurationProperties("waybill.cluster")
record ClusterProperties(String secret, String advertiseUrl) {

  static final int SHORTEST_SECRET = 32;

  ClusterProperties(@Nullable String secret, @Nullable String advertiseUrl) {
    this.secret = checkedSecret(secret);
    this.advertiseUrl = checkedUrl(advertiseUrl);
  }

  private static String checkedSecret(@Nullable String secret) {
    if (secret == null || secret.isBlank()) {
      throw new ClusterSettingException("waybill.cluster.secret is missing.", Settings.SECRET);
    }
    if (secret.length() < SHORTEST_SECRET) {
      throw new ClusterSettingException(
          "waybill.cluster.secret has %d characters, which is too short."
              .formatted(secret.length()),
          Settings.SECRET);
    }
    return secret;
  }

  private static String checkedUrl(@Nullable String url) {
    if (url == null || url.isBlank()) {
      throw new ClusterSettingException("waybill.cluster.advertise-url is missing.", Settings.URL);
    }
    if (!isBase(url)) {
      throw new ClusterSettingException(
          "waybill.cluster.advertise-url is \"%s\", which is not the address of a server."
              .formatted(url),
          Settings.URL);
    }
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static boolean isBase(String url) {
    try {
      URI uri = new URI(url);
      if (uri.getHost() == null) {
        return false; // such as pod-1:8080, which has a scheme and no path
      }
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
      return web && bare && uri.getQuery() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Leaves out the secret, because the secret must not be logged. */
  @Override
  public String toString() {
    return "ClusterProperties[advertiseUrl=" + advertiseUrl + "]";
  }

  private static final class Settings {
    static final String SECRET =
        "Give every pod the same random text of at least %d characters, for example by the environment variable WAYBILL_CLUSTER_SECRET=$(openssl rand -hex 32)."
            .formatted(SHORTEST_SECRET);
    static final String URL =
        "Say where the other pods reach this one, for example"
            + " --waybill.cluster.advertise-url=http://10.0.0.7:8080 (http or https, host and port,"
            + " no path).";
  }
}
