package dev.waybill.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Marks a bean or a configuration that exists only if a specific database is used. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(DatabaseCondition.class)
public @interface ConditionalOnDatabase {

  Database value();
}
