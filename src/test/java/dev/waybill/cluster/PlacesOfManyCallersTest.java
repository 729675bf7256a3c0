package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.platform.OutageLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** One place of each of many callers, in a Redis that answers slowly. */
class PlacesOfManyCallersTest {

  private static final int CALLERS = 100;

  /** One after the other, the calls for all callers take five times as long as a place lives. */
  private static final Duration ANSWER = Duration.ofMillis(100);

  private static final Duration LIFE = Duration.ofSeconds(2);

  private final List<String> callers =
      IntStream.range(0, CALLERS).mapToObj(i -> "emitters:key:" + i).toList();

  private TestRedis redis;
  private TestRedis.Commands commands;
  private SlowProxy proxy;
  private LettuceConnectionFactory connections;
  private CountPlacesInRedis places;

  @BeforeEach
  void start() throws Exception {
    redis = new TestRedis();
    commands = redis.commands();
    proxy = new SlowProxy(redis.port, ANSWER);
    connections =
        new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("127.0.0.1", proxy.port),
            LettuceClientConfiguration.builder().commandTimeout(Duration.ofSeconds(5)).build());
    connections.afterPropertiesSet();
    connections.start();
    OutageLog outages = new OutageLog();
    places =
        new CountPlacesInRedis(
            new Redis(new StringRedisTemplate(connections), outages), outages, LIFE);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      callers.forEach(of -> clients.submit(() -> places.tryTake(of, "place", 1)));
    }
  }

  @AfterEach
  void stop() throws Exception {
    places.stop();
    connections.destroy();
    proxy.close();
    commands.close();
    redis.close();
  }

  @Test
  void allAreRenewedBeforeTheFirstOneExpires() {
    assertThat(held()).isEqualTo(CALLERS);

    await()
        .during(LIFE.multipliedBy(2))
        .atMost(LIFE.multipliedBy(3))
        .untilAsserted(() -> assertThat(held()).isEqualTo(CALLERS));
  }

  @Test
  void whileManyAreReleasedTheOthersAreRenewed() {
    String stays = callers.getLast();
    callers.stream().filter(of -> !of.equals(stays)).forEach(of -> places.giveBack(of, "place"));

    await()
        .during(LIFE.multipliedBy(2))
        .atMost(LIFE.multipliedBy(3))
        .until(() -> commands.run.exists(RedisKeys.places(stays)) == 1);
    assertThat(held()).isEqualTo(1);
  }

  private long held() {
    return callers.stream().filter(of -> commands.run.exists(RedisKeys.places(of)) == 1).count();
  }
}
