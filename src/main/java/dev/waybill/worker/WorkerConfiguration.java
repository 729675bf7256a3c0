package dev.waybill.worker;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Reads the settings of jobs that programs elsewhere do. */
@Configuration
@EnableConfigurationProperties({WorkerProperties.class, CalledWorkers.class})
class WorkerConfiguration {}
