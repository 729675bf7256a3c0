package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Contains other names of the fields in ten languages, read from {@code synonyms.properties}. */
final class Synonyms {

  private static final String FILE = "synonyms.properties";
  private static final String LIKELY = "likely";
  private static final String GENERIC = ".generic";
  private static final String VAGUE = ".vague";
  private static final String IN_HUNDREDTHS = "price.hundredths";

  private static final Map<String, Meaning> MEANINGS = new HashMap<>();
  private static final Map<Field, Set<String>> LIKELY_NAMES = new EnumMap<>(Field.class);

  /** The words that say that a price column contains cents or other hundredths. */
  private static final Set<String> HUNDREDTHS = new HashSet<>();

  /**
   * The number that is added to the rank of a less specific name. Such a name is used only if no
   * column has a more specific name.
   */
  private static final int LESS_SPECIFIC = 500;

  /**
   * The number that is added to the rank of a least specific name. Such a name is used only if no
   * column has any other name of the field.
   */
  private static final int LEAST_SPECIFIC = 700;

  /**
   * The number that is added to the rank of a name that contains a currency and means the price
   * only without this currency. So {@code Preis USD} is used only if no column has a more certain
   * name.
   */
  private static final int WITH_CURRENCY = 1000;

  static {
    read();
  }

  private Synonyms() {}

  /**
   * The meaning of a column's name.
   *
   * @param rank 0 for the field's own name; a lower rank is more certain
   */
  record Meaning(Field field, int rank) {}

  /**
   * The field that a column with this name certainly means; empty if the name means no field for
   * certain.
   */
  static Optional<Meaning> of(String header) {
    Optional<Field> own = Field.named(header);
    if (own.isPresent()) {
      return own.map(field -> new Meaning(field, 0));
    }
    Meaning meaning = MEANINGS.get(HeaderName.folded(header));
    if (meaning == null) {
      meaning = withoutCurrency(header);
    }
    return meaning != null
            && meaning.field() == Field.PRICE
            && PriceName.contains(header, HUNDREDTHS)
        ? Optional.empty()
        : Optional.ofNullable(meaning);
  }

  private static @Nullable Meaning withoutCurrency(String header) {
    PriceName name = PriceName.of(header);
    Meaning meaning =
        name.rest().equals(header) ? null : MEANINGS.get(HeaderName.folded(name.rest()));
    return meaning == null || meaning.field() != Field.PRICE
        ? null
        : new Meaning(Field.PRICE, meaning.rank() + WITH_CURRENCY);
  }

  /**
   * Whether a column with this name seems to contain prices in hundredths, such as cents. Such a
   * column is not read as the price, because 1299 would be stored for 12.99.
   */
  static boolean isPriceInHundredths(String header) {
    if (!PriceName.contains(header, HUNDREDTHS)) {
      return false;
    }
    String rest = PriceName.of(PriceName.without(header, HUNDREDTHS)).rest();
    Meaning meaning = MEANINGS.get(HeaderName.folded(rest));
    return meaning != null && meaning.field() == Field.PRICE;
  }

  /** Whether a column with this name means this field in some files. */
  static boolean isLikely(Field field, String header) {
    String folded = HeaderName.folded(header);
    Meaning meaning = MEANINGS.get(folded);
    return meaning != null && meaning.field() == field
        || LIKELY_NAMES.getOrDefault(field, Set.of()).contains(folded);
  }

  private static void read() {
    Properties file = new Properties();
    try (InputStream in = Synonyms.class.getResourceAsStream(FILE)) {
      file.load(new InputStreamReader(Objects.requireNonNull(in, FILE), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Field field : Field.values()) {
      MEANINGS.put(HeaderName.folded(field.column()), new Meaning(field, 1));
    }
    for (String key : file.stringPropertyNames()) {
      int point = key.indexOf('.');
      Field field = Field.named(key.substring(0, point)).orElseThrow();
      String[] names = file.getProperty(key).split(",");
      if (key.equals(IN_HUNDREDTHS)) {
        for (String name : names) {
          HUNDREDTHS.add(HeaderName.folded(name));
        }
        continue;
      }
      if (key.endsWith(LIKELY)) {
        Set<String> likely = LIKELY_NAMES.computeIfAbsent(field, _ -> new HashSet<>());
        for (String name : names) {
          likely.add(HeaderName.folded(name));
        }
        continue;
      }
      int first = key.endsWith(GENERIC) ? LESS_SPECIFIC : key.endsWith(VAGUE) ? LEAST_SPECIFIC : 2;
      for (int rank = 0; rank < names.length; rank++) {
        add(HeaderName.folded(names[rank]), new Meaning(field, first + rank));
      }
    }
  }

  private static void add(String folded, Meaning meaning) {
    MEANINGS.merge(
        folded,
        meaning,
        (one, other) -> {
          if (one.field() != other.field()) {
            throw new IllegalStateException(
                "%s: “%s” is %s and %s".formatted(FILE, folded, one.field(), other.field()));
          }
          return one.rank() <= other.rank() ? one : other;
        });
  }
}
