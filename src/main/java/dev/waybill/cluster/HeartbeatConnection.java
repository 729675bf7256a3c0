package dev.waybill.cluster;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A connection to Redis of its own for this pod's heartbeat. On the shared one it would wait behind
 * every other command. Not a bean of Spring's type: Spring Boot makes its own only while there is
 * no other.
 */
final class HeartbeatConnection implements DisposableBean {

  private final LettuceConnectionFactory factory;

  /**
   * @param like where the server is and how it is called
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
