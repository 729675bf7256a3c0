package dev.waybill.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code docker-compose.yml} starts a cluster in which every call needs a credential. */
class ComposeFileTest {

  private static Map<String, Map<String, Object>> services;

  @BeforeAll
  @SuppressWarnings("unchecked") // as the file is written
  static void read() throws Exception {
    Map<String, Object> file =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(Path.of("docker-compose.yml")));
    services = (Map<String, Map<String, Object>>) file.get("services");
  }

  @Test
  void noPodStartsWithoutAFirstKey() {
    for (String pod : List.of("pod1", "pod2", "pod3")) {
      // Compose refuses to start if a variable with ":?" has no value.
      assertThat(environment(pod).get("WAYBILL_ACCESS_BOOTSTRAPKEY"))
          .as(pod)
          .startsWith("${WAYBILL_KEY:?");
      assertThat(environment(pod)).as(pod).doesNotContainKey("WAYBILL_ACCESS_OPEN");
    }
  }

  @Test
  void allPodsRunTheSameImageAndItIsBuiltOnce() {
    assertThat(List.of("pod1", "pod2", "pod3"))
        .allSatisfy(pod -> assertThat(services.get(pod).get("image")).isEqualTo("waybill"));
    // Compose labels an image with the service that built it. So each service would build an image
    // of its own under the same name, and the next start would replace all pods at the same time.
    assertThat(services)
        .allSatisfy(
            (name, service) ->
                assertThat(service.containsKey("build")).as(name).isEqualTo(name.equals("pod1")));
    // Otherwise Compose would ask Docker Hub for an image of this name.
    assertThat(List.of("pod2", "pod3"))
        .allSatisfy(
            pod -> assertThat(services.get(pod).get("pull_policy")).as(pod).isEqualTo("never"));
  }

  /** Three pods that started on two busy cores at the same time needed four minutes. */
  @Test
  void aPodThatStartsSlowlyIsNotGivenUp() throws Exception {
    // "docker compose up --wait" gives up as soon as a pod is unhealthy.
    assertThat(Files.readString(Path.of("Dockerfile")))
        .containsPattern("HEALTHCHECK .*--start-period=300s");
  }

  @Test
  void nginxLeavesTheListOfJobsToThePods() {
    assertThat(environment("nginx")).doesNotContainKey("ACCESS").containsKey("HTTP_LISTEN");
  }

  @Test
  void onlyNginxCanBeReachedFromOutside() {
    assertThat(services)
        .allSatisfy(
            (name, service) ->
                assertThat(service.containsKey("ports")).as(name).isEqualTo(name.equals("nginx")));
  }

  @SuppressWarnings("unchecked") // as the file is written
  private static Map<String, String> environment(String service) {
    return (Map<String, String>) services.get(service).get("environment");
  }
}
