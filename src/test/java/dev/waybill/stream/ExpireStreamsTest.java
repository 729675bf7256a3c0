package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.access.Lifetime;
import dev.waybill.platform.OutageLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class ExpireStreamsTest {

  private static final Lifetime UNKNOWN =
      () -> {
        throw new DataAccessResourceFailureException("the database is away");
      };

  private final ExpireStreams expireStreams = new ExpireStreams(() -> 0, new OutageLog());

  @Test
  void aCredentialThatCannotBeCheckedKeepsNoOtherStreamOpen() {
    List<ClientStream> expired = new ArrayList<>();
    List<ClientStream> unknown = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      unknown.add(followed(UNKNOWN));
      expired.add(followed(() -> true));
    }

    expireStreams.endWhatHasExpired();

    assertThat(expired).allMatch(ClientStream::isEnding);
    assertThat(unknown).noneMatch(ClientStream::isEnding);
  }

  private ClientStream followed(Lifetime lifetime) {
    ClientStream client =
        new ClientStream(
            "s",
            "address:127.0.0.1",
            Transport.EMITTER,
            new Surroundings(
                TestSurroundings.limits(1000),
                () -> 0,
                InstantSource.system(),
                new VirtualDrainers(),
                new StreamMetrics(new SimpleMeterRegistry()),
                _ -> {},
                _ -> {}));
    expireStreams.follow(client, lifetime);
    return client;
  }
}
