package dev.waybill.csv;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Detects the charset of a text that is not Unicode, from a sample of its words, with ICU4J. */
final class CharsetDetection {

  /**
   * Maps the name that ICU reports to the charset that is used. For an ISO charset this is the
   * superset of Windows, because only that has the curly quotes and the euro sign of real files.
   * Other names of ICU are left out: Unicode is already excluded, and mainframes send no product
   * files.
   */
  private static final Map<String, String> SINGLE_BYTE =
      Map.ofEntries(
          Map.entry("ISO-8859-1", "windows-1252"),
          Map.entry("windows-1252", "windows-1252"),
          Map.entry("ISO-8859-2", "windows-1250"),
          Map.entry("windows-1250", "windows-1250"),
          Map.entry("ISO-8859-5", "ISO-8859-5"),
          Map.entry("windows-1251", "windows-1251"),
          Map.entry("KOI8-R", "KOI8-R"),
          Map.entry("ISO-8859-6", "windows-1256"),
          Map.entry("windows-1256", "windows-1256"),
          Map.entry("ISO-8859-7", "windows-1253"),
          Map.entry("windows-1253", "windows-1253"),
          Map.entry("ISO-8859-8", "windows-1255"),
          Map.entry("ISO-8859-8-I", "windows-1255"),
          Map.entry("windows-1255", "windows-1255"),
          Map.entry("ISO-8859-9", "windows-1254"),
          Map.entry("windows-1254", "windows-1254"));

  private static final Charset WESTERN = Charset.forName("windows-1252");

  /** Below this confidence, ICU guesses. */
  private static final double LEAST_SCORE = 10;

  private static final double LEAST_COMMON = 0.75;

  /** ICU judges shorter texts by length only. A repeated text has the same statistics. */
  private static final int SHORT_SAMPLE = 1024;

  private record Candidate(Charset charset, double score) {}

  private CharsetDetection() {}

  static Optional<Charset> of(byte[] sample) {
    if (sample.length == 0) {
      return Optional.empty();
    }
    CharsetMatch[] matches = new CharsetDetector().setText(repeated(sample)).detectAll();
    return eastAsian(sample, matches)
        .or(() -> singleByte(sample, matches))
        .map(found -> sameText(sample, found, WESTERN) ? WESTERN : found)
        .or(() -> hasSignsAlone(sample) ? Optional.of(WESTERN) : Optional.empty());
  }

  private static boolean sameText(byte[] sample, Charset one, Charset other) {
    return new String(sample, one).equals(new String(sample, other));
  }

  /**
   * Such as a degree or currency sign: it shows no language, and most Windows charsets share it.
   */
  private static boolean hasSignsAlone(byte[] sample) {
    return new String(sample, WESTERN)
        .chars()
        .noneMatch(c -> c == '\uFFFD' || c >= 0x80 && Character.isLetter(c));
  }

  private static Optional<Charset> eastAsian(byte[] sample, CharsetMatch[] matches) {
    Candidate best = null;
    for (EastAsianCharset known : EastAsianCharset.values()) {
      double common = known.shareOfCommon(sample);
      double score = common * 100 + confidence(known, matches);
      if (common >= LEAST_COMMON && (best == null || score > best.score)) {
        best = new Candidate(known.charset(), score);
      }
    }
    return Optional.ofNullable(best).map(Candidate::charset);
  }

  private static int confidence(EastAsianCharset known, CharsetMatch[] matches) {
    return Arrays.stream(matches)
        .filter(match -> match.getName().equals(known.icuName()))
        .mapToInt(CharsetMatch::getConfidence)
        .max()
        .orElse(0);
  }

  private static Optional<Charset> singleByte(byte[] sample, CharsetMatch[] matches) {
    return Arrays.stream(matches)
        .filter(match -> SINGLE_BYTE.containsKey(match.getName()))
        .map(match -> candidate(match, sample))
        .filter(candidate -> candidate.score >= LEAST_SCORE)
        .max(
            Comparator.comparingDouble(Candidate::score)
                .thenComparing(candidate -> candidate.charset.equals(WESTERN)))
        .map(Candidate::charset);
  }

  /** ICU's confidence, reduced if signs or unknown bytes would precede letters. */
  private static Candidate candidate(CharsetMatch match, byte[] sample) {
    Charset charset = Charset.forName(SINGLE_BYTE.get(match.getName()));
    return new Candidate(charset, match.getConfidence() - 100 * shareOfSigns(sample, charset));
  }

  private static double shareOfSigns(byte[] sample, Charset charset) {
    String text = new String(sample, charset);
    int all = 0;
    int signs = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        all++;
        boolean beforeLetter = i + 1 < text.length() && Character.isLetter(text.charAt(i + 1));
        if (!Character.isLetter(c) && beforeLetter) {
          signs++;
        }
      }
    }
    return all == 0 ? 0 : (double) signs / all;
  }

  private static byte[] repeated(byte[] sample) {
    ByteArrayOutputStream repeated = new ByteArrayOutputStream();
    do {
      repeated.writeBytes(sample);
    } while (repeated.size() < SHORT_SAMPLE);
    return repeated.toByteArray();
  }
}
