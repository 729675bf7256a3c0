package dev.waybill.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RecordSettingsTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM orders WHERE id = :key",
        "SELECT * FROM orders",
        "SELECT * FROM orders WHERE id = ?",
        "SELECT * FROM orders WHERE id = ':key'",
        "SELECT * FROM orders WHERE id = :key AND shop = :shop",
        "SELECT 1 WHERE :key = ''; DROP TABLE orders",
        "selection :key"
      })
  @Shows("record.settings")
  void aQueryIsOneSelectWithABoundKey(String query) {
    assertThatThrownBy(() -> BoundQuery.parse("s", query))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theKeyIsBoundWhereverItStands() {
    BoundQuery query =
        BoundQuery.parse("s", "SELECT a::text FROM t WHERE id = :key OR other = :key -- :key");
    assertThat(query.places()).isEqualTo(2);
    assertThat(query.sql()).isEqualTo("SELECT a::text FROM t WHERE id = ? OR other = ? -- :key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h/{key}",
        "http://{key}/",
        "http://{key}.h/a",
        "http://h:{key}/a",
        "http://user@h/{key}",
        "http://h/a?b={key}",
        "http://h/a#{key}",
        "http://h/a{key}",
        "http://h/{key}b",
        "http://h/{key}/{key}",
        "http://h/a",
        "http://h /{key}",
        "http:///{key}",
        "/{key}",
        "http://h_/{key}"
      })
  @Shows("record.settings")
  void theKeyIsOneSegmentOfThePathOfAUrl(String url) {
    assertThatThrownBy(() -> UrlTemplate.parse("s", url))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://h/{key}", "https://h:81/a/{key}/b?c=d", "http://[::1]/{key}?x=http://y"})
  void noKeyLeavesItsSegment(String url) {
    UrlTemplate template = UrlTemplate.parse("s", url);
    for (String key : new String[] {"a@b", "...", "~", "a.b-c_d", "@evil.example"}) {
      assertThat(template.of(key).getHost()).isEqualTo(template.of("x").getHost());
      assertThat(template.of(key).getRawPath().split("/"))
          .hasSameSizeAs(template.of("x").getRawPath().split("/"));
      assertThat(template.of(key).getRawQuery()).isEqualTo(template.of("x").getRawQuery());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/status = DELIVERED, CANCELLED | {\"status\":\"CANCELLED\"} | true",
        "/status = DELIVERED | {\"status\":\"delivered\"} | false",
        "/a/0/b=9 | {\"a\":[{\"b\":9}]} | true",
        "/done=true | {\"done\":true} | true",
        "/done=true | {} | false",
        "/done=null | {\"done\":null} | false",
        "/a=x | {\"a\":{\"x\":1}} | false"
      })
  @Shows("record.ended")
  void aRecordIsDoneWhenItsValueIsAmongThem(String rule, String record, boolean done) {
    assertThat(DoneWhen.parse("s", rule).holds(JSON.readTree(record))).isEqualTo(done);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "status=A", "/status", "/status=", "/status=A,,B"})
  @Shows("record.settings")
  void anEndThatIsNoneIsRefused(String rule) {
    assertThatThrownBy(() -> DoneWhen.parse("s", rule))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theChangedFieldsAreThoseThatDiffer() {
    assertThat(
            RecordKind.changed(
                JSON.readTree("{\"a\":1,\"b\":{\"c\":1},\"d\":2}"),
                JSON.readTree("{\"e\":0,\"a\":1,\"b\":{\"c\":2}}")))
        .containsExactly("e", "b", "d");
  }
}
