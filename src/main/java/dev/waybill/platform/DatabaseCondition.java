package dev.waybill.platform;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the settings and the annotation {@link ConditionalOnDatabase} name the same database.
 */
class DatabaseCondition implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    Database wanted =
        metadata
            .getAnnotations()
            .get(ConditionalOnDatabase.class)
            .getValue("value", Database.class)
            .orElseThrow();
    return Database.of(context.getEnvironment()) == wanted;
  }
}
