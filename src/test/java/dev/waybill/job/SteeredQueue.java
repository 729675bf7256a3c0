package dev.waybill.job;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** The real queue, under a clock that stands still and with its picks in view. */
@TestConfiguration
public class SteeredQueue {

  @Bean
  SettableClock systemClock() {
    return new SettableClock();
  }

  @Bean
  PickedTasks pickedTasks() {
    return new PickedTasks();
  }
}
