package dev.waybill.record;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The records that can be watched, by kind. The name of a kind has the form {@code
 * [a-z][a-z0-9-]{0,63}}.
 *
 * @param records the source of the records of each kind; by default there are no kinds, and nothing
 *     runs
 */
@Validated
@ConfigurationProperties("waybill")
record RecordProperties(@DefaultValue Map<String, @Valid Kind> records) {

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  RecordProperties {
    records.forEach(
        (name, kind) -> {
          String setting = "waybill.records." + name;
          if (!KIND.matcher(name).matches()) {
            throw new IllegalArgumentException(
                setting + ": a kind is called " + KIND.pattern() + ", such as order");
          }
          if ((kind.jdbc() == null) == (kind.http() == null)) {
            throw new IllegalArgumentException(setting + " needs either jdbc or http");
          }
          if (kind.jdbc() != null) {
            BoundQuery.parse(setting + ".jdbc.query", kind.jdbc().query());
          }
          if (kind.http() != null) {
            UrlTemplate.parse(setting + ".http.url", kind.http().url());
          }
          kind.doneWhen(setting);
        });
    records = Map.copyOf(records);
  }

  /**
   * The source of the records of one kind: SQL or HTTP.
   *
   * @param jdbc a query
   * @param http a request
   */
  record Kind(@Nullable @Valid Jdbc jdbc, @Nullable @Valid Http http) {

    Duration interval() {
      return jdbc != null ? jdbc.interval() : http != null ? http.interval() : Duration.ZERO;
    }

    Optional<DoneWhen> doneWhen(String setting) {
      String text = jdbc != null ? jdbc.doneWhen() : http != null ? http.doneWhen() : null;
      return Optional.ofNullable(text).map(each -> DoneWhen.parse(setting + " done-when", each));
    }
  }

  /**
   * @param query one SELECT with the parameter {@code :key}, which is bound as text; its columns
   *     become the fields of the record
   * @param interval the time between two reads, 500 ms to 1 h
   * @param doneWhen a JSON pointer and the values at which the record is complete, and its stream
   *     ends, such as {@code /status = DELIVERED, CANCELLED}; without it the stream does not end in
   *     this way
   * @param url JDBC URL of the database; by default Waybill's own
   * @param username the user name for that URL
   * @param password the password for that URL
   */
  record Jdbc(
      @NotBlank String query,
      @DefaultValue("2s") @DurationMin(millis = 500) @DurationMax(hours = 1) Duration interval,
      @Nullable String doneWhen,
      @Nullable String url,
      @Nullable String username,
      @Nullable String password) {

    /** Leaves out the password. */
    @Override
    public String toString() {
      return "Jdbc[" + query + "]";
    }
  }

  /**
   * @param url the URL of the record, with {@code {key}} as one whole segment of its path
   * @param interval the time between two reads, 500 ms to 1 h
   * @param doneWhen a JSON pointer and the values at which the record is complete, in the form of
   *     {@link Jdbc#doneWhen}
   * @param headers sent with each request
   */
  record Http(
      @NotBlank String url,
      @DefaultValue("2s") @DurationMin(millis = 500) @DurationMax(hours = 1) Duration interval,
      @Nullable String doneWhen,
      @DefaultValue Map<String, String> headers) {

    /** Leaves out the headers, because they may contain a credential. */
    @Override
    public String toString() {
      return "Http[" + url + "]";
    }
  }
}
