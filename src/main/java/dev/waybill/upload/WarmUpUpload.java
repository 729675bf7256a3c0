package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.waybill.file.Draft;
import dev.waybill.platform.WarmUpProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.stream.IntStream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Receives a few generated files after the start, so that the first real upload is as fast as later
 * uploads. Without the warm-up, the first upload would spend most of its time loading classes. The
 * generated files exist only in memory, and their jobs are rolled back.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class WarmUpUpload {

  static final int TIMES = 20;

  private final WarmUpProperties wanted;
  private final AcceptUpload acceptUpload;
  private final UploadProperties properties;

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    if (wanted.warmUp()) {
      Thread.ofPlatform().name("warm-up-upload").daemon().start(this::takeIn);
    }
  }

  /**
   * Returns the number of files that were received. This number can be lower than planned if the
   * queue is full or the service is stopping.
   */
  int takeIn() {
    UploadParameters parameters = UploadParameters.parse(null);
    UploadForm form = UploadForm.of("text/csv", null);
    byte[] content = file();
    int taken = 0;
    try {
      while (taken < TIMES) {
        ReceivedFile file =
            new ReceiveFile(
                    new MemoryDraft(), ReceiveFile.Rules.of(properties), _ -> {}, parameters)
                .receive(form, new ByteArrayInputStream(content), content.length);
        acceptUpload.rehearse(file, parameters);
        taken++;
      }
    } catch (RuntimeException e) {
      log.debug("The warm-up ended early", e);
    }
    return taken;
  }

  /**
   * Generates the file. The file has 200 KB, so that the JVM also compiles the loops over bytes.
   * The file contains UTF-8 sequences of every length, and a column for each check of columns.
   */
  private static byte[] file() {
    return ("sku,Name,Price,Currency,Stock,EAN,Image,Colour\n"
            + "A-1,\"Mug, blue\",9.90,EUR,1,4006381333931,https://images.example.com/1.jpg,grün\n"
            + IntStream.range(0, 2500)
                .mapToObj(
                    row ->
                        "B-%1$d,茶 😀,%1$d.5,CHF,%1$d,96385074,https://images.example.com/%1$d.jpg,oak\n"
                            .formatted(row))
                .collect(joining()))
        .getBytes(UTF_8);
  }

  private static final class MemoryDraft implements Draft {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes.write(buffer, offset, length);
    }

    @Override
    public long size() {
      return bytes.size();
    }

    @Override
    public InputStream open(long offset) {
      int from = Math.toIntExact(offset);
      return new ByteArrayInputStream(bytes.toByteArray(), from, bytes.size() - from);
    }

    @Override
    public void read(long offset, byte[] buffer) {
      System.arraycopy(bytes.toByteArray(), Math.toIntExact(offset), buffer, 0, buffer.length);
    }

    @Override
    public void keepAs(String id) {}

    @Override
    public void close() {}
  }
}
