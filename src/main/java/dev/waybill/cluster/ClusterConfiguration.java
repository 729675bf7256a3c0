package dev.waybill.cluster;

import dev.waybill.event.Pod;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.resource.Delay;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

@Configuration(proxyBeanMethods = false)
@Profile("cluster")
class ClusterConfiguration {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int REDIS_QUEUE = 10_000;

  /** By default calls would wait without bound, in number and time, for a Redis that is away. */
  @Bean
  LettuceClientOptionsBuilderCustomizer failFast() {
    KeepAliveOptions keepAlive =
        KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(5))
            .interval(Duration.ofSeconds(2))
            .count(3)
            .build();
    return options ->
        options
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(REDIS_QUEUE)
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .keepAlive(keepAlive)
                    .build());
  }

  /** By default the pause between two tries grows to half a minute. */
  @Bean
  ClientResourcesBuilderCustomizer reconnectSoon() {
    return resources -> resources.reconnectDelay(Delay.constant(Duration.ofMillis(500)));
  }

  @Bean(destroyMethod = "shutdownNow")
  HttpClient peerHttpClient() {
    return HttpClient.newBuilder()
        // Over cleartext it would try to upgrade to HTTP/2 with every new connection.
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  @Bean
  Seal seal(ClusterProperties properties, Clock clock) {
    return new Seal(properties.secret(), clock);
  }

  @Bean
  SealCheck sealCheck(Seal seal, Pod self, Clock clock) {
    return new SealCheck(seal, self, clock);
  }
}
