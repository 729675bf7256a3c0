package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class StreamPropertiesTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(Settings.class);

  @TestConfiguration
  @EnableConfigurationProperties({StreamProperties.class, EventsProperties.class})
  static class Settings {}

  @Test
  @Shows({
    "setting.stream.max-emitters",
    "setting.stream.max-per-address",
    "setting.stream.heartbeat",
    "setting.stream.outbox-size",
    "setting.stream.max-stall",
    "setting.events.log-size",
    "setting.events.retention"
  })
  void defaultsAreThoseOfTheContract() {
    runner.run(
        context -> {
          assertThat(context.getBean(StreamProperties.class))
              .isEqualTo(
                  new StreamProperties(
                      Transport.EMITTER,
                      null,
                      null,
                      Duration.ofSeconds(15),
                      DataSize.ofKilobytes(256),
                      Duration.ofSeconds(10)));
          assertThat(context.getBean(EventsProperties.class))
              .isEqualTo(new EventsProperties(512, Duration.ofMinutes(10)));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "waybill.stream.max-emitters=0",
        "waybill.stream.max-per-address=0",
        "waybill.stream.heartbeat=10ms",
        "waybill.stream.heartbeat=2m",
        "waybill.stream.outbox-size=1KB",
        "waybill.stream.outbox-size=65MB",
        "waybill.stream.max-stall=0s",
        "waybill.events.log-size=0",
        "waybill.events.retention=0s"
      })
  @Shows("setting.validated")
  void refusesToStartWith(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }
}
