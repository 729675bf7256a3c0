package dev.waybill.kafka;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * True if the settings name a Kafka broker. An empty name, for example from an empty environment
 * variable, does not count.
 */
class KafkaCondition implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return Binder.get(context.getEnvironment())
        .bind("waybill.kafka.bootstrap-servers", String.class)
        .map(servers -> !servers.isBlank())
        .orElse(false);
  }
}
