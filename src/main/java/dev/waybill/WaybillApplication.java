package dev.waybill;

import dev.waybill.access.KeyCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts one pod of Waybill, or runs the command {@code key}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class WaybillApplication {

  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals(KeyCommand.NAME)) {
      System.exit(KeyCommand.run(args, System.out));
    }
    SpringApplication.run(WaybillApplication.class, args);
  }
}
