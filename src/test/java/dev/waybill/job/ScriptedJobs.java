package dev.waybill.job;

import dev.waybill.csvimport.ScriptedImports;
import dev.waybill.event.EventPublisher;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** A kind of job for tests, and a record of the events of all jobs. */
@TestConfiguration
@Import(ScriptedImports.class)
class ScriptedJobs {

  @Bean
  ScriptedKind scriptedKind(ScriptedImports imports) {
    return new ScriptedKind(imports);
  }

  @Bean
  @Primary
  RecordedEvents recordedEvents(@Qualifier("localPublisher") EventPublisher publisher) {
    return new RecordedEvents(publisher);
  }
}
