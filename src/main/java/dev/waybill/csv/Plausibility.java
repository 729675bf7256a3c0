package dev.waybill.csv;

import static java.util.stream.Collectors.joining;

import java.lang.Character.UnicodeScript;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes how likely it is that people have written a sample of words, if the sample is read in
 * one single-byte charset.
 */
final class Plausibility {

  /**
   * The maximum share of non-ASCII characters in unusual places. Some of these characters may be
   * typing errors.
   */
  private static final double MOST_ODD = 0.03;

  private static final double LEAST_FIT = 0.9;
  private static final double LEAST_IN_WORDS = 0.6;
  private static final int SHORTEST_WORD = 3;

  /** The micro sign. This sign occurs in units of measurement, but is in no alphabet. */
  private static final char MICRO = 'µ';

  /**
   * The characters that are often next to a letter, because they open, close or join words, or are
   * unit signs.
   */
  private static final String BESIDE_LETTERS = "„“”‘’«»‹›–—…§©€£•·×±Ø°µ®™²³º\u00A0\u00AD¿¡‚";

  /** Characters that come before a word and never after it. */
  private static final String OPENING = "„‚«‹¿¡";

  private static final String IN_WORDS = "’\u00AD·–";
  private static final String COMMON_CYRILLIC = "оеаинтсрвлОЕАИНТСРВЛ";
  private static final String GREEK_VOWELS = "αεηιουωάέήίόύώΑΕΗΙΟΥΩΆΈΉΊΌΎΏϊϋΐΰ";
  private static final String GREEK_ACCENTS = "άέήίόύώΆΈΉΊΌΎΏ";
  private static final String GREEK_CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ";
  private static final String THAI_CONSONANTS =
      IntStream.rangeClosed(0x0E01, 0x0E2E).mapToObj(Character::toString).collect(joining());

  /**
   * The Hebrew letters that are used only at the end of a word. Inside a word, these letters have
   * another form.
   */
  private static final String FINAL_FORMS = "ςךםןףץ";

  private static final String CYRILLIC_VOWELS = "аеиоуыэюяАЕИОУЫЭЮЯіІєЄ";

  private final String text;
  private int beyondAscii;
  private int odd;
  private final List<Integer> latin = new ArrayList<>();
  private final List<Integer> others = new ArrayList<>();
  private int inWords;

  private Plausibility(String text) {
    this.text = text;
  }

  /**
   * The plausibility of the sample, from 0 for a text that nobody writes, to 1.
   *
   * @param sample words with non-ASCII bytes
   */
  static double of(byte[] sample, Charset charset) {
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(sample))
              .toString();
      return new Plausibility(text).score();
    } catch (CharacterCodingException e) {
      return 0;
    }
  }

  private double score() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        look(i, c);
      }
    }
    if (odd > beyondAscii * MOST_ODD) {
      return 0;
    }
    if (others.size() > latin.size()) {
      return latin.isEmpty() ? otherScript() : 0;
    }
    if (!others.isEmpty()) {
      return 0;
    }
    double fit = latin.isEmpty() ? 1 : Alphabets.bestFit(latin);
    return fit < LEAST_FIT ? 0 : fit;
  }

  private void look(int i, char c) {
    beyondAscii++;
    char before = i > 0 ? text.charAt(i - 1) : ' ';
    char after = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
    boolean letter = Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    boolean alone = !Character.isLetter(before) && !Character.isLetter(after);
    if (letter && alone && BESIDE_LETTERS.indexOf(c) >= 0
        || c == MICRO && !Character.isLetter(before)) {
      return; // for example Ø 12 mm and 20 µm
    }
    if (!letter) {
      odd += isOddSign(c, before, after) ? 1 : 0;
    } else if (script(c) == UnicodeScript.LATIN) {
      latin.add((int) c);
      odd += Character.isUpperCase(c) && Character.isLowerCase(before) ? 1 : 0;
      odd += alone && Character.isLowerCase(c) && BESIDE_LETTERS.indexOf(c) < 0 ? lone(c) : 0;
    } else {
      others.add((int) c);
      odd += isAsciiLetter(before) || isAsciiLetter(after) ? 1 : 0;
      boolean swapped = Character.isUpperCase(c) && Character.isLowerCase(before);
      odd += swapped || FINAL_FORMS.indexOf(c) >= 0 && isWordPart(after) ? 1 : 0;
      inWords += wordLength(i) >= SHORTEST_WORD ? 1 : 0;
    }
  }

  /** Returns 0 for a small letter that is a word in some language, and 1 for any other letter. */
  private static int lone(char c) {
    return "àáâéèêóòôíæåöùyıəаě".indexOf(c) >= 0 ? 0 : 1;
  }

  private static boolean isOddSign(char c, char before, char after) {
    if (Character.isISOControl(c) || c == '¤') {
      return true;
    }
    boolean letterBefore = Character.isLetter(before);
    boolean letterAfter = Character.isLetter(after);
    if (letterBefore && letterAfter) {
      return IN_WORDS.indexOf(c) < 0;
    }
    if (OPENING.indexOf(c) >= 0 && letterBefore) {
      return true;
    }
    return (letterBefore || letterAfter) && BESIDE_LETTERS.indexOf(c) < 0
        || Character.getType(c) == Character.OTHER_SYMBOL && c >= 0x2500 && c < 0x2600;
  }

  /**
   * The plausibility of a text that is not in Latin script. Nearly all its letters must be of one
   * script, and most of them must be in words. Cyrillic letters must also be the usual letters,
   * because several charsets contain the Cyrillic script.
   */
  private double otherScript() {
    UnicodeScript script = script(others.getFirst());
    long same = others.stream().filter(c -> script(c) == script).count();
    if (same < others.size() * LEAST_FIT || inWords < others.size() * LEAST_IN_WORDS) {
      return 0;
    }
    return switch (script) {
      case CYRILLIC -> {
        double common = share(COMMON_CYRILLIC);
        double vowels = share(CYRILLIC_VOWELS);
        yield common < 0.5 || vowels < 0.25 || vowels > 0.65 ? 0 : Math.min(1, 0.3 + common);
      }
      case GREEK -> {
        double vowels = share(GREEK_VOWELS);
        // In lower case, nearly every Greek word has an accent. Capitals have no accents.
        boolean accents = share(GREEK_ACCENTS) > 0.04 || share(GREEK_CAPITALS) > 0.9;
        yield vowels < 0.3 || vowels > 0.7 ? 0 : accents ? 1 : 0.5;
      }
      case THAI -> share(THAI_CONSONANTS) < 0.45 ? 0 : 1;
      case HEBREW, ARABIC -> 1;
      default -> 0;
    };
  }

  private double share(String letters) {
    return (double) others.stream().filter(c -> letters.indexOf(c) >= 0).count() / others.size();
  }

  private int wordLength(int at) {
    int from = at;
    while (from > 0 && isWordPart(text.charAt(from - 1))) {
      from--;
    }
    int to = at;
    while (to < text.length() && isWordPart(text.charAt(to))) {
      to++;
    }
    return to - from;
  }

  private static boolean isWordPart(char c) {
    return c >= 0x80
        && (Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK);
  }

  private static UnicodeScript script(int c) {
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.INHERITED ? UnicodeScript.THAI : script;
  }

  private static boolean isAsciiLetter(char c) {
    return c < 0x80 && Character.isLetter(c);
  }
}
