package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.waybill.contract.Shows;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;

class StartTest {

  private static final AccessProperties.Jwt NO_JWT =
      new AccessProperties.Jwt(null, null, null, null, null, null);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", ""})
  @Shows("access.start")
  void withoutAccessAnAddressThatOthersReachIsRefused(String address) {
    assertThatExceptionOfType(OpenStartException.class)
        .isThrownBy(() -> start(address, false).check(false));
    assertThatNoException().isThrownBy(() -> start(address, false).check(true));
    assertThatNoException().isThrownBy(() -> start(address, true).check(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "localhost", "127.9.9.9"})
  void onThisMachineNothingIsNeeded(String address) {
    assertThatNoException().isThrownBy(() -> start(address, false).check(false));
  }

  @Test
  @Shows("access.key.command")
  void theCommandMakesListsAndRevokesKeysOnTheDataFolder() {
    String key = run("create", "--name=first", "--scopes=admin,upload").strip();

    assertThat(key).matches("wbk_[0-9a-f]{40}");
    String list = run("list");
    assertThat(list).contains("first", "scopes=upload,admin").doesNotContain(key);
    assertThat(run("revoke", "--id=" + list.substring(0, 16))).contains("revoked");
    assertThat(run("list")).isEmpty();
    assertThat(run("create", "--name=x", "--scopes=root")).contains("scopes");
    assertThat(run("remove")).contains("Usage");
  }

  @Test
  void aLoopbackCallerHasALoopbackPeerAndHostAndNoProxyInBetween() {
    assertThat(LoopbackCaller.is(request("127.0.0.1", "localhost:8080"))).isTrue();
    assertThat(LoopbackCaller.is(request("::1", "[::1]:8080"))).isTrue();
    assertThat(LoopbackCaller.is(request("192.0.2.7", "localhost"))).isFalse();
    assertThat(LoopbackCaller.is(request("127.0.0.1", "waybill.example"))).isFalse();
    MockHttpServletRequest forwarded = request("127.0.0.1", "localhost");
    forwarded.setAttribute(NoteForwardingValve.FORWARDED, true);
    assertThat(LoopbackCaller.is(forwarded)).isFalse();
  }

  private static MockHttpServletRequest request(String peer, String host) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setRemoteAddr(peer);
    request.addHeader("Host", host);
    return request;
  }

  private String run(String command, String... options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] arguments =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("key", command, "--waybill.data-dir=" + folder),
                java.util.stream.Stream.of(options))
            .toArray(String[]::new);
    KeyCommand.run(arguments, new PrintStream(out, true, UTF_8));
    return out.toString(UTF_8);
  }

  private static RefuseOpenStart start(String address, boolean open) {
    return new RefuseOpenStart(
        new AccessProperties(open, null, false, NO_JWT),
        new MockEnvironment().withProperty("server.address", address));
  }
}
