package dev.waybill.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The setting for the work that the service does after its start, before it has any requests.
 *
 * @param warmUp whether the service checks generated rows and receives generated files after the
 *     start, so that the first upload is as fast as later ones. It takes some seconds and keeps
 *     nothing
 */
@ConfigurationProperties("waybill")
public record WarmUpProperties(@DefaultValue("true") boolean warmUp) {}
