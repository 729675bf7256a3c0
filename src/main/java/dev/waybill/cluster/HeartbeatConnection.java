package dev.waybill.cluster;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A separate connection to Redis for this pod's heartbeat. On the shared connection, the heartbeat
 * would wait behind every other command. The class does not implement Spring's connection type,
 * because Spring Boot creates its own connection only if there is no bean of that type.
 */
final class HeartbeatConnection implements DisposableBean {

  private final LettuceConnectionFactory factory;

  /**
   * @param like the connection whose server and credentials are used
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
