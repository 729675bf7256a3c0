import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import sun.misc.Signal;

/**
 * A real Kafka broker in one process, with one topic of three partitions. It takes any free port and
 * writes its address to a file. Its data is gone when it stops.
 */
class Broker {

  private static final int PARTITIONS = 3;

  public static void main(String[] arguments) throws Exception {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    Path address = Path.of(arguments[0]);
    CountDownLatch stop = new CountDownLatch(1);
    // A shutdown hook would be too late: Kafka's own hook would delete the data meanwhile.
    Signal.handle(new Signal("TERM"), signal -> stop.countDown());

    EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS, "scans");
    broker.brokerProperty("offsets.topic.num.partitions", "1");
    broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
    broker.afterPropertiesSet();
    // A reader of the file sees either nothing or the whole address.
    Path written = Files.writeString(address.resolveSibling("written"), broker.getBrokersAsString());
    Files.move(written, address, StandardCopyOption.ATOMIC_MOVE);

    stop.await();
    broker.destroy();
    System.exit(0);
  }
}
