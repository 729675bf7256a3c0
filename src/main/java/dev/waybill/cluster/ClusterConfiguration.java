package dev.waybill.cluster;

import dev.waybill.event.Pod;
import dev.waybill.platform.OutageLog;
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
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

@Configuration(proxyBeanMethods = false)
@Profile("cluster")
class ClusterConfiguration {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int REDIS_QUEUE = 10_000;

  /**
   * Makes calls to Redis fail while Redis is not connected. By default, the client queues any
   * number of calls until Redis is connected again.
   */
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

  /**
   * Shortens the pause between two attempts to reconnect to Redis. By default, the pause grows to
   * half a minute.
   */
  @Bean
  ClientResourcesBuilderCustomizer reconnectSoon() {
    return resources -> resources.reconnectDelay(Delay.constant(Duration.ofMillis(500)));
  }

  @Bean
  Redis redis(StringRedisTemplate template, OutageLog outages, ClusterMetrics metrics) {
    Redis redis = new Redis(template, outages);
    metrics.gaugeBreaker(() -> redis.isOpen() ? 1 : 0);
    return redis;
  }

  @Bean
  HeartbeatConnection heartbeatConnection(LettuceConnectionFactory ordinary) {
    return new HeartbeatConnection(ordinary);
  }

  @Bean
  Redis heartbeatRedis(HeartbeatConnection connection, OutageLog outages) {
    return new Redis(connection.template(), outages);
  }

  @Bean(destroyMethod = "shutdownNow")
  HttpClient peerHttpClient() {
    return HttpClient.newBuilder()
        // Without this setting, the client tries to upgrade every new cleartext connection to
        // HTTP/2.
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  @Bean
  SignRequest signRequest(ClusterProperties properties, Clock clock) {
    return new SignRequest(properties.secret(), clock);
  }

  @Bean
  VerifyRequest verifyRequest(SignRequest signRequest, Pod self, Clock clock) {
    return new VerifyRequest(signRequest, self, clock);
  }
}
