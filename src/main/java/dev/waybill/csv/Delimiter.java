package dev.waybill.csv;

import java.util.Arrays;
import java.util.Optional;

/** The character between two cells. The order decides if a header fits several equally well. */
public enum Delimiter {
  COMMA(',', "comma"),
  SEMICOLON(';', "semicolon"),
  TAB('\t', "tab"),
  PIPE('|', "pipe");

  private final char symbol;
  private final String word;

  Delimiter(char symbol, String word) {
    this.symbol = symbol;
    this.word = word;
  }

  /** Always a single ASCII character. */
  public char symbol() {
    return symbol;
  }

  /** Its name on the wire, such as {@code comma}. */
  public String word() {
    return word;
  }

  /** The delimiter with exactly that wire name. */
  public static Optional<Delimiter> named(String word) {
    return Arrays.stream(values()).filter(delimiter -> delimiter.word.equals(word)).findFirst();
  }
}
