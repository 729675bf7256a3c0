package dev.waybill.webhook;

import dev.waybill.outgoing.OutgoingHttp;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the settings of webhooks. */
@Configuration
@EnableConfigurationProperties(WebhookProperties.class)
class WebhookConfiguration {

  @Bean
  PostDelivery postDelivery(WebhookProperties properties) {
    return new PostDelivery(new OutgoingHttp(properties.allowPrivate()), PostDelivery.MOST_TIME);
  }
}
