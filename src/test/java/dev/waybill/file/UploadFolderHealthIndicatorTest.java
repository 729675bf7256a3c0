package dev.waybill.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

class UploadFolderHealthIndicatorTest {

  @TempDir Path data;
  private final AtomicLong nanos = new AtomicLong();
  private volatile String failure = "";
  private Path folder;
  private UploadFolderHealthIndicator indicator;

  @BeforeEach
  void open() throws IOException {
    folder = data.resolve("uploads");
    FolderFiles files =
        new FolderFiles(folder) {
          @Override
          FileChannel openDraft(Path path) throws IOException {
            if (!failure.isEmpty()) {
              throw new IOException(failure);
            }
            return super.openDraft(path);
          }
        };
    indicator = new UploadFolderHealthIndicator(files, nanos::get);
  }

  private void assertUnusable(String reason) {
    indicator.check();
    assertThat(indicator.isUsable()).isFalse();
    assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(indicator.health().getDetails().get("reason")).asString().contains(reason);
  }

  private void assertUsable() {
    indicator.check();
    assertThat(indicator.isUsable()).isTrue();
    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void aFolderThatIsAwayIsNotUsableUntilItIsBack() throws IOException {
    assertUsable();
    Path away = Files.move(folder, data.resolve("uploads.away"));
    assertUnusable("missing");
    Files.createDirectory(folder);
    assertUnusable("missing");
    Files.delete(folder);
    Files.move(away, folder);
    assertUsable();
  }

  @Test
  void aFolderThatTakesNoBytesIsNotUsable() {
    failure = "No space left on device";
    assertUnusable("full");
    failure = "Read-only file system";
    assertUnusable("cannot be written");
    failure = "";
    assertUsable();
  }

  @Test
  void aCheckThatDoesNotComeBackIsAnAnswerToo() {
    assertUsable();
    nanos.addAndGet(UploadFolderHealthIndicator.STALE.toNanos() + 1);
    assertThat(indicator.isUsable()).isFalse();
    assertThat(indicator.health().getDetails().get("reason")).asString().contains("not answer");
    assertUsable();
  }
}
