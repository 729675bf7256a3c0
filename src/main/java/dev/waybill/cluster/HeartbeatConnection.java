package dev.waybill.cluster;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A separate connection to Redis for this pod's heartbeat. On the shared connection, the heartbeat
 * would wait until all earlier commands have ended. This class does not implement the type of
 * Spring's connection factory. If a bean had this type, Spring Boot would not create the shared
 * connection.
 */
final class HeartbeatConnection implements DisposableBean {

  private final LettuceConnectionFactory factory;

  /**
   * @param like the shared connection; the new connection uses the same server and credentials
   */
  HeartbeatConnection(LettuceConnectionFactory like) {
    factory = new LettuceConnectionFactory(server(like), like.getClientConfiguration());
    factory.afterPropertiesSet();
    factory.start();
  }

  private static RedisConfiguration server(LettuceConnectionFactory like) {
    if (like.getClusterConfiguration() != null) {
      return like.getClusterConfiguration();
    }
    return like.getSentinelConfiguration() == null
        ? like.getStandaloneConfiguration()
        : like.getSentinelConfiguration();
  }

  StringRedisTemplate template() {
    return new StringRedisTemplate(factory);
  }

  @Override
  public void destroy() {
    factory.destroy();
  }
}
