package dev.waybill.outgoing;

import dev.waybill.event.Pod;
import dev.waybill.platform.Database;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Creates the services that every {@link CallQueue} needs. */
@Configuration
class OutgoingConfiguration {

  @Bean
  CallQueue.Surroundings callSurroundings(
      DataSource dataSource, JdbcClient jdbc, Environment environment, Pod pod, Clock clock) {
    return new CallQueue.Surroundings(dataSource, jdbc, Database.of(environment), pod, clock);
  }
}
