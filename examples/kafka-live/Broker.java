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
 * A real Kafka broker in one process, with one topic of three partitions. It uses any free port and
 * writes its address to a file. When it stops, its data is deleted.
 */
class Broker {

  private static final int PARTITIONS = 3;

  public static void main(String[] arguments) throws Exception {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    Path address = Path.of(arguments[0]);
    CountDownLatch stop = new CountDownLatch(1);
    // Handles the signal itself. A shutdown hook would run too late, because Kafka's own shutdown
    // hook would delete the data at the same time.
    Signal.handle(new Signal("TERM"), signal -> stop.countDown());

    EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS, "scans");
    broker.brokerProperty("offsets.topic.num.partitions", "1");
    broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
    broker.afterPropertiesSet();
    // The file is written under another name and then renamed. So a reader sees either no file or
    // the whole address.
    Path written = Files.writeString(address.resolveSibling("written"), broker.getBrokersAsString());
    Files.move(written, address, StandardCopyOption.ATOMIC_MOVE);

    stop.await();
    broker.destroy();
    System.exit(0);
  }
}
