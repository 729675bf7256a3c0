package dev.waybill.csv;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Detects the charset of a text that is not Unicode, from a sample of its words. The bytes of
 * nearly every short text are valid in several charsets. So this class accepts a charset only if
 * the text is plausible in this charset. If the text is also plausible in another charset, the
 * result is marked as a guess.
 */
final class CharsetDetection {

  private static final Charset WESTERN = Charset.forName("windows-1252");

  /**
   * The Windows charsets that are detected. If two charsets give the same text, the result names
   * the charset that comes first in this list.
   */
  private static final List<Charset> WINDOWS =
      charsets(
          "windows-1252",
          "ISO-8859-15",
          "windows-1250",
          "ISO-8859-2",
          "windows-1251",
          "windows-1253",
          "ISO-8859-7",
          "windows-1254",
          "windows-1257",
          "windows-1255",
          "windows-1256",
          "x-windows-874",
          "KOI8-R",
          "ISO-8859-5");

  /**
   * The charsets of DOS and old Macs. These charsets are rare, so the detection of one of them is
   * always marked as a guess.
   */
  private static final List<Charset> OLD =
      charsets("IBM850", "IBM852", "IBM866", "x-MacRoman", "x-MacCentralEurope");

  private static final double LEAST_COMMON = 0.75;

  /**
   * The maximum number of non-ASCII bytes of a small sample. A sample with so few non-ASCII bytes
   * can look plausible in a wrong charset by chance.
   */
  private static final int FEW_BYTES = 3;

  /**
   * The minimum length of a sample, in bytes, for the library ICU. ICU judges a shorter sample only
   * by its length. So a short sample is repeated up to this length. The repetition does not change
   * the statistics.
   */
  private static final int SHORT_SAMPLE = 1024;

  private static final int MOST_LIKELY = 5;

  /**
   * The difference in plausibility that excludes a charset. A charset is excluded if its
   * plausibility is lower than the highest plausibility by at least this difference.
   */
  private static final double CLEARLY = 0.15;

  /**
   * The result of the detection.
   *
   * @param charset the detected charset; empty if no charset can be detected
   * @param guessed whether another charset gives a different text that is plausible, too
   * @param likely charsets that the user can try
   */
  record Result(Optional<Charset> charset, boolean guessed, List<Charset> likely) {}

  private CharsetDetection() {}

  static Result of(byte[] sample) {
    if (sample.length == 0) {
      return new Result(Optional.empty(), false, List.of());
    }
    Map<String, Charset> windows = readings(sample, WINDOWS);
    Optional<Charset> eastAsian =
        eastAsian(sample)
            .filter(found -> windows.isEmpty() || !EastAsianCharset.splitsWords(sample, found));
    if (eastAsian.isPresent()) {
      return new Result(eastAsian, false, List.of());
    }
    Map<String, Charset> old = readings(sample, OLD);
    List<Charset> plausible =
        Stream.concat(windows.values().stream(), old.values().stream()).distinct().toList();
    if (plausible.contains(WESTERN)) {
      boolean alone = windows.size() == 1 && (old.isEmpty() || beyondAscii(sample) > FEW_BYTES);
      return new Result(Optional.of(WESTERN), !alone, plausible);
    }
    if (windows.size() == 1) {
      Charset found = windows.values().iterator().next();
      return new Result(Optional.of(found), beyondAscii(sample) <= FEW_BYTES, plausible);
    }
    if (windows.isEmpty() && old.size() == 1) {
      return new Result(Optional.of(old.values().iterator().next()), true, plausible);
    }
    return new Result(Optional.empty(), false, likely(sample, plausible));
  }

  /** Maps each plausible text to the first charset in which the sample gives this text. */
  private static Map<String, Charset> readings(byte[] sample, List<Charset> charsets) {
    Map<Charset, Double> scores = new LinkedHashMap<>();
    for (Charset charset : charsets) {
      double score = Plausibility.of(sample, charset);
      if (score > 0) {
        scores.put(charset, score);
      }
    }
    double best = scores.values().stream().mapToDouble(score -> score).max().orElse(0);
    Map<String, Charset> texts = new LinkedHashMap<>();
    scores.forEach(
        (charset, score) -> {
          if (score > best - CLEARLY) {
            texts.putIfAbsent(new String(sample, charset), charset);
          }
        });
    return texts;
  }

  private static List<Charset> likely(byte[] sample, List<Charset> plausible) {
    List<Charset> likely = new ArrayList<>(plausible);
    for (Charset charset : WINDOWS) {
      String text = new String(sample, charset);
      boolean isKnown = likely.stream().anyMatch(other -> new String(sample, other).equals(text));
      if (text.indexOf('\uFFFD') < 0 && !isKnown) {
        likely.add(charset);
      }
    }
    return likely.subList(0, Math.min(MOST_LIKELY, likely.size()));
  }

  private static int beyondAscii(byte[] sample) {
    int count = 0;
    for (byte b : sample) {
      count += b < 0 ? 1 : 0;
    }
    return count;
  }

  private static Optional<Charset> eastAsian(byte[] sample) {
    CharsetMatch[] matches = new CharsetDetector().setText(repeated(sample)).detectAll();
    Charset best = null;
    double bestScore = 0;
    for (EastAsianCharset known : EastAsianCharset.values()) {
      double common = known.shareOfCommon(sample);
      double score = common * 100 + confidence(known, matches);
      if (common >= LEAST_COMMON && score > bestScore) {
        best = known.charset();
        bestScore = score;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int confidence(EastAsianCharset known, CharsetMatch[] matches) {
    return Arrays.stream(matches)
        .filter(match -> match.getName().equals(known.icuName()))
        .mapToInt(CharsetMatch::getConfidence)
        .max()
        .orElse(0);
  }

  private static byte[] repeated(byte[] sample) {
    ByteArrayOutputStream repeated = new ByteArrayOutputStream();
    do {
      repeated.writeBytes(sample);
    } while (repeated.size() < SHORT_SAMPLE);
    return repeated.toByteArray();
  }

  private static List<Charset> charsets(String... names) {
    return Arrays.stream(names).filter(Charset::isSupported).map(Charset::forName).toList();
  }
}
