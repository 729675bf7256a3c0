package dev.waybill.job;

import dev.waybill.event.EventPublisher;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A kind of job for tests, and a record of the events of all jobs. */
@TestConfiguration
class ScriptedJobs {

  @Bean
  ScriptedKind scriptedKind() {
    return new ScriptedKind();
  }

  @Bean
  @Primary
  RecordedEvents recordedEvents(@Qualifier("localPublisher") EventPublisher publisher) {
    return new RecordedEvents(publisher);
  }
}
