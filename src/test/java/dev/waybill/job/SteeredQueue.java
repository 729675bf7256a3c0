package dev.waybill.job;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The real queue, with a clock that stands still and a record of its picks. */
@TestConfiguration
public class SteeredQueue {

  @Bean
  @Primary
  SettableClock settableClock() {
    return new SettableClock();
  }

  @Bean
  PickedTasks pickedTasks() {
    return new PickedTasks();
  }
}
