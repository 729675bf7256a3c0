import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Writes a CSV with invented products to the standard output: {@code java bench/GenerateCsv.java
 * --rows 1000000 > products.csv} makes a file of 172 MB.
 *
 * <ul>
 *   <li>{@code --rows N}: the number of rows after the header (default 1000)
 *   <li>{@code --seed N}: the same seed gives the same bytes (default 1)
 *   <li>{@code --start N}: the number in the first sku (default 1). A row depends only on the seed
 *       and on its number. So if the numbers of two files overlap, both contain the same products
 *   <li>{@code --bad PERCENT}: the share of rows with a mistake (default 0.1). Each mistake is of
 *       one of eight kinds. None of them is an open quote, because after an open quote most readers
 *       lose the rest of the file
 *   <li>{@code --change PERCENT}: the share of rows whose price and quantity differ from the file
 *       without this option (default 0). If the file without this option was imported before, all
 *       other rows change nothing
 * </ul>
 *
 * <p>Many names contain quoted commas, doubled quotes and non-ASCII letters. One description in
 * sixteen has two lines.
 */
final class GenerateCsv {

  private static final String HEADER =
      "sku,name,description,price,currency,quantity,category,brand,gtin,image_url,Colour\n";

  private static final List<String> THINGS =
      List.of(
          "Mug",
          "Teapot",
          "Desk lamp",
          "Wool rug",
          "Bath towel",
          "Plant pot",
          "Wall clock",
          "Notebook",
          "Shelf",
          "Café table",
          "Grill",
          "Candle",
          "Blanket",
          "Chopping board",
          "Pencils \"HB\"",
          "Hammock");
  private static final List<String> KINDS =
      List.of("plain", "large", "set of 6", "für Kinder", "40 × 60 cm", "\"Kyōto\"", "foldable");
  private static final List<String> CLAIMS =
      List.of(
          "Dishwasher safe, for every day",
          "Made by hand, each one differs a little",
          "Ships flat, with all that is needed",
          "Lasts for years; spare parts are kept in stock",
          "\"As light as a feather\", says our tester",
          "Für drinnen und draußen");
  private static final List<String> CATEGORIES =
      List.of("Kitchen", "Lighting", "Furniture", "Textiles", "Garden", "Office");
  private static final List<String> BRANDS =
      List.of("Nordlicht", "Møllegård", "Eiche & Söhne", "Hortus", "Ljus", "茶の間", "Montør");
  private static final List<String> COLOURS =
      List.of("white", "black", "petrol", "oak", "", "yellow", "grün");
  private static final List<String> CURRENCIES = List.of("EUR", "EUR", "EUR", "CHF", "GBP");

  private final StringBuilder out = new StringBuilder(1 << 17);
  private long rows = 1000;
  private long seed = 1;
  private long start = 1;
  private double bad = 0.1;
  private double change = 0;

  private long random;

  private GenerateCsv(String[] arguments) {
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    while (!left.isEmpty()) {
      String option = left.pop();
      if (left.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      String value = left.pop();
      switch (option) {
        case "--rows" -> rows = Long.parseLong(value);
        case "--seed" -> seed = Long.parseLong(value);
        case "--start" -> start = Long.parseLong(value);
        case "--bad" -> bad = Double.parseDouble(value);
        case "--change" -> change = Double.parseDouble(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    GenerateCsv generator;
    try {
      generator = new GenerateCsv(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(
          "java GenerateCsv.java [--rows N] [--seed N] [--start N] [--bad PERCENT]"
              + " [--change PERCENT] > FILE");
      System.exit(2);
      return;
    }
    PrintStream stdout = System.out;
    generator.write(stdout);
    if (stdout.checkError()) {
      System.err.println("could not write everything");
      System.exit(1);
    }
  }

  private void write(OutputStream to) throws IOException {
    out.append(HEADER);
    for (long number = start; number < start + rows; number++) {
      row(number);
      if (out.length() > 100_000) {
        to.write(out.toString().getBytes(StandardCharsets.UTF_8));
        out.setLength(0);
      }
    }
    to.write(out.toString().getBytes(StandardCharsets.UTF_8));
    to.flush();
  }

  private void row(long number) {
    boolean wrong = chance(number, 1, bad);
    boolean changed = chance(number, 2, change);
    random = mix(seed ^ mix(number));
    int mistake = wrong ? pick(8) : -1;
    String thing = one(THINGS);

    if (mistake != 0) {
      digits(out.append("WB-"), number, 9);
    }
    out.append(',');
    if (mistake != 1) {
      cell(thing + ", " + one(KINDS));
    }
    out.append(',');
    // If a record has one cell too many, the service reads each line of the record as a separate
    // row. So such a record must have only one line; otherwise it would count as two rows.
    String gap = pick(16) == 0 && mistake != 7 ? ".\n" : ". ";
    cell(one(CLAIMS) + gap + "No. " + number % 1000);
    out.append(',');
    long cents = 100 + pick(50_000) + (changed ? 1 : 0);
    out.append(mistake == 2 ? "ask us" : "").append(cents / 100).append('.');
    digits(out, cents % 100, 2);
    out.append(',').append(mistake == 3 ? "EURO" : one(CURRENCIES)).append(',');
    out.append(mistake == 4 ? "-" : "").append(1 + pick(999) + (changed ? 1 : 0)).append(',');
    out.append(one(CATEGORIES)).append(',').append(one(BRANDS)).append(',');
    gtin(number, mistake == 5);
    out.append(mistake == 6 ? ",ftp" : ",https").append("://img.example.com/wb/");
    out.append(number).append(".jpg,").append(one(COLOURS));
    out.append(mistake == 7 ? ",one cell too many\n" : "\n");
  }

  /** A gtin with a valid check digit, as in nearly all real files, or one that lacks this digit. */
  private void gtin(long number, boolean lacksCheckDigit) {
    int start = out.length();
    digits(out.append("400"), number, 9);
    int sum = 0;
    int factor = 3;
    for (int i = out.length() - 1; i >= start; i--) {
      sum += factor * (out.charAt(i) - '0');
      factor = 4 - factor;
    }
    out.append(lacksCheckDigit ? "" : (10 - sum % 10) % 10);
  }

  private void cell(String text) {
    if (text.indexOf(',') < 0 && text.indexOf('"') < 0 && text.indexOf('\n') < 0) {
      out.append(text);
    } else {
      out.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
  }

  private static void digits(StringBuilder out, long number, int width) {
    long bound = 10;
    for (int i = 1; i < width; i++) {
      if (number < bound) {
        out.append('0');
      }
      bound *= 10;
    }
    out.append(number);
  }

  private boolean chance(long number, long purpose, double percent) {
    long hash = mix(seed ^ mix(number ^ mix(purpose)));
    return (hash >>> 11) * 0x1.0p-53 * 100 < percent;
  }

  private <T> T one(List<T> list) {
    return list.get(pick(list.size()));
  }

  private int pick(int bound) {
    random += 0x9e3779b97f4a7c15L;
    return (int) ((mix(random) >>> 33) % bound);
  }

  /** The finalizer of SplitMix64. For similar inputs, it returns values that look independent. */
  private static long mix(long value) {
    long a = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
