package dev.waybill.faults.pod;

import dev.waybill.event.EventPublisher;
import dev.waybill.job.QueuedKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Adds the fault points to a pod, around the ports and connections that its work uses. No component
 * scan may find it; only {@code spring.main.sources} names it.
 */
public class FaultPoints {

  /** The folder in which points are armed. */
  public static final String FOLDER = "faults.folder";

  /** A file of this name in that folder slows imports down. */
  public static final String SLOWLY = "SLOWLY";

  @Bean
  static BeanPostProcessor setsFaultPoints(Environment environment) {
    StopTheClock stop = new StopTheClock(Path.of(environment.getRequiredProperty(FOLDER)));
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return switch (bean) {
          case QueuedKind kind -> around(kind, "run", () -> stop.at(FaultPoint.PICKED));
          case EventPublisher publisher ->
              around(publisher, "publish", () -> stop.at(FaultPoint.BEFORE_A_PUBLISH));
          case DataSource database -> new StoppingConnections(database, stop);
          default -> bean;
        };
      }
    };
  }

  /** Keeps all interfaces of the bean, because other beans may request it by any of them. */
  private static Object around(Object target, String method, Runnable before) {
    return Proxy.newProxyInstance(
        target.getClass().getClassLoader(),
        ClassUtils.getAllInterfaces(target),
        (_, called, arguments) -> {
          if (called.getName().equals(method)) {
            before.run();
          }
          return call(target, called, arguments);
        });
  }

  /** Calls the method, and throws what it throws. */
  static Object call(Object target, Method called, Object[] arguments) throws Throwable {
    try {
      return called.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
