import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.LoggerFactory;

/**
 * The scanners of four depots. Each scan of a parcel is a record of the topic {@code scans}, and its
 * key is the depot. This program contains no code for Waybill.
 */
class Scanners {

  private static final long SCAN_MILLIS =
      Long.parseLong(System.getenv().getOrDefault("SCAN_MILLIS", "500"));
  private static final int PARTITIONS = 3;

  public static void main(String[] arguments) throws InterruptedException {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    Map<String, Object> settings = Map.of("bootstrap.servers", System.getenv("KAFKA_SERVERS"));
    List<String> depots = List.of("graz", "hamburg", "lyon", "milan");
    long shift = System.currentTimeMillis();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int scan = 0; ; scan++) {
        int depot = scan % depots.size();
        int partition = depot % PARTITIONS;
        // Each depot numbers its scans from 1, so a page can see whether one is missing.
        String value =
            "{\"shift\":%d,\"number\":%d,\"partition\":%d,\"parcel\":\"WB-%06d\"}"
                .formatted(shift, scan / depots.size() + 1, partition, scan * 7919 % 1_000_000);
        producer.send(new ProducerRecord<>("scans", partition, depots.get(depot), value));
        Thread.sleep(SCAN_MILLIS);
      }
    }
  }
}
