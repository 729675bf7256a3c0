package dev.waybill.worker;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Reads the settings of external jobs, whose work is done by programs outside of Waybill. */
@Configuration
@EnableConfigurationProperties({WorkerProperties.class, CalledWorkers.class})
class WorkerConfiguration {}
